"""The page on which the figures stand, and its plots."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

from .chart import bars
from .row import Row

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
MARKS = {
    "figures": ("<!-- figures -->", "<!-- end of figures -->"),
    "peers": ("<!-- peers -->", "<!-- end of peers -->"),
}
"""Between which lines a table stands: that of `make bench`, and that of `make bench-peers`."""
_PACKAGES = ("uvicorn", "uvloop", "starlette", "httptools", "msgspec")


def write(
    rows: Sequence[Row], *, part: str, command: str, on: date, cores: int | None, page: Path = PAGE
) -> None:
    """Put a table of the rows in the place of the one before, and draw their plots beside."""
    begin, end = MARKS[part]
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    told = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    python = f"Python {platform.python_version()} on {platform.system()}, {cores} cores"
    lines = [
        f"`{command}` on {on.isoformat()}: {python}, {told}.",
        "",
        "| what | measured | target | met |",
        "| --- | --- | --- | --- |",
        *(row.as_markdown() for row in rows),
        *_draw(rows, part, page),
    ]
    table = "\n".join(lines)
    page.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def _draw(rows: Iterable[Row], part: str, page: Path) -> Iterable[str]:
    """Write the plots; give the lines that show them."""
    for number, (title, figures) in enumerate(plots(rows).items(), 1):
        plot = page.with_name(f"{page.stem}-{part}-{number}.svg")
        plot.write_text(bars(title, figures), encoding="utf-8")
        yield ""
        yield f"![{title}]({plot.name})"


def plots(rows: Iterable[Row]) -> Mapping[str, list[tuple[str, float, str]]]:
    """Give the bars of each plot by its title; what several rows have is their median."""
    found: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        for name, figure in row.bars:
            found.setdefault(row.plot, {}).setdefault(name, []).append(figure)
    return {
        title: [(name, median(told), f"{median(told):,.0f}") for name, told in one.items()]
        for title, one in found.items()
    }
