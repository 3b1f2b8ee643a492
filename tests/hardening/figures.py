"""What the long commands measured when they ran last; docs/reliability.md shows it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "figures"
COMMANDS = ("compat", "conformance", "flakes", "fuzz", "soak")
"""The targets of the Makefile that keep figures."""

Figures = Mapping[str, str | int]
"""Each under the words that the page has for it."""


def keep(command: str, figures: Figures, *, on: date) -> None:
    """Keep what a command measured."""
    text = json.dumps({"on": on.isoformat(), **figures}, indent=2, ensure_ascii=False) + "\n"
    (FOLDER / f"{command}.json").write_text(text, encoding="utf-8")


def kept(command: str) -> Figures:
    """Give what a command measured when it ran last."""
    path = FOLDER / f"{command}.json"
    figures: Figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return figures


def tables() -> str:
    """Give a table for each command that has been run."""
    return "\n".join(_table(name, kept(name)) for name in COMMANDS if kept(name))


def _table(command: str, figures: Figures) -> str:
    rows = "".join(f"| {what} | {_shown(value)} |\n" for what, value in figures.items())
    return f"| `make {command}` | |\n| --- | --- |\n{rows}"


def _shown(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"
