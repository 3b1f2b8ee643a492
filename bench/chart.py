"""Bars of figures as SVG, without anything that draws."""

from collections.abc import Sequence
from html import escape
from typing import Final

Bar = tuple[str, float, str]
"""A name, a figure, and how it is told."""

_WIDTH: Final = 720
_NAMES: Final = 210
_ROOM: Final = 130
"""For what is told behind a bar."""
_STEP: Final = 26
_TOP: Final = 40
_FONT: Final = "font-family='system-ui, sans-serif' font-size='13'"


def bars(title: str, figures: Sequence[Bar]) -> str:
    """Draw a bar for each figure, the first one, which the page is about, in another colour.

    It is read in a light and in a dark page.
    """
    most = max(figure for _, figure, _ in figures)
    height = _TOP + _STEP * len(figures) + 6
    lines = [_bar(index, one, most) for index, one in enumerate(figures)]
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' role='img'"
            f" aria-label='{escape(title, quote=True)}' {_FONT}>",
            "<style>text{fill:#1f2328}.own{fill:#1f6feb}.other{fill:#8c959f}"
            "@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
            f"<text x='0' y='20' font-weight='bold'>{escape(title)}</text>",
            *lines,
            "</svg>\n",
        ]
    )


def _bar(index: int, bar: Bar, most: float) -> str:
    name, figure, told = bar
    length = max(1, round((_WIDTH - _NAMES - _ROOM) * figure / most))
    top, kind = _TOP + _STEP * index, "other" if index else "own"
    return (
        f"<text x='{_NAMES - 8}' y='{top + 13}' text-anchor='end'>{escape(name)}</text>"
        f"<rect x='{_NAMES}' y='{top}' width='{length}' height='18' class='{kind}'/>"
        f"<text x='{_NAMES + length + 6}' y='{top + 13}'>{escape(told)}</text>"
    )
