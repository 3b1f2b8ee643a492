"""Authlib as in `authlib`, over httpx2, which it prefers where that is installed."""

import runpy
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(str(Path(__file__).parents[1] / "authlib/adapter.py"), run_name="__main__")
