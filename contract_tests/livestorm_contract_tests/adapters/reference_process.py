"""The process of the reference client: its adapter, and nothing that it does not need."""

import sys

# httpx loads its own command line where that can be loaded, with rich and pygments, which is two
# fifths of this process's start. https://github.com/encode/httpx/blob/master/httpx/__init__.py
sys.modules["httpx._main"] = None  # type: ignore[assignment]  # what the import system heeds

from .loop import serve  # noqa: E402
from .reference import ReferenceAdapter  # noqa: E402

if __name__ == "__main__":
    serve(ReferenceAdapter())
