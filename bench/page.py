"""The page on which the figures stand."""

import platform
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from .row import Row

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
_PACKAGES = ("uvicorn", "uvloop", "starlette", "httptools", "msgspec")


def write(rows: Iterable[Row], *, command: str, on: date, cores: int | None) -> None:
    """Put a table of the rows in the place of the one before."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    python = f"Python {platform.python_version()} on {platform.system()}, {cores} cores"
    lines = [
        f"`{command}` on {on.isoformat()}: {python}, {told}.",
        "",
        "| what | measured | target | met |",
        "| --- | --- | --- | --- |",
        *(row.as_markdown() for row in rows),
    ]
    table = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
