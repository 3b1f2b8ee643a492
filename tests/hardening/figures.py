"""What the long commands measured when they ran last; docs/reliability.md shows it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "figures"
COMMANDS = ("compat", "conformance", "flakes", "fuzz", "soak")
"""The targets of the Makefile that keep figures."""


def keep(command: str, figures: Mapping[str, str | int], *, on: date) -> None:
    """Keep what a command measured, each under the words that the page has for it."""
    kept = {"on": on.isoformat(), **figures}
    text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
    (FOLDER / f"{command}.json").write_text(text, encoding="utf-8")


def tables() -> str:
    """Give a table for each command that has been run."""
    return "\n".join(_table(name) for name in COMMANDS if (FOLDER / f"{name}.json").exists())


def _table(command: str) -> str:
    figures = json.loads((FOLDER / f"{command}.json").read_text(encoding="utf-8"))
    rows = "".join(f"| {what} | {_shown(value)} |\n" for what, value in figures.items())
    return f"| `make {command}` | |\n| --- | --- |\n{rows}"


def _shown(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"
