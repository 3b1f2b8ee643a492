"""Which pages the site has, and in which order: that of `docs/README.md`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[3]
HOME: Final = "README.md"
MAP: Final = "docs/README.md"
FURTHER: Final = "Further pages"
"""The section of the pages that the map does not have."""
_PLACES: Final = ("*.md", "docs/**/*.md", "clients/*/README.md", "tests/**/README.md")
_ENTRY: Final = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<path>[^)#]+)\)(?:: (?P<told>.*))?$")


class Entry(NamedTuple):
    """A page in the map: its path from the root, its title, and what is in it."""

    path: str
    title: str
    told: str


def pages() -> list[str]:
    """Give the paths of all pages from the root, in the order of their names."""
    found = (path for place in _PLACES for path in ROOT.glob(place))
    return sorted(
        {str(path.relative_to(ROOT)) for path in found if "node_modules" not in path.parts}
    )


def sections() -> Mapping[str, Sequence[Entry]]:
    """Give the sections of the map with their pages; what it does not have comes last."""
    text = (ROOT / MAP).read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    found = {title: [*_entries(part)] for title, part in zip(parts[::2], parts[1::2], strict=True)}
    known = {HOME, MAP, *(entry.path for entries in found.values() for entry in entries)}
    further = [Entry(path, _title_of(path), "") for path in pages() if path not in known]
    return {**found, FURTHER: further} if further else found


def _entries(part: str) -> Iterator[Entry]:
    for line in part.splitlines():
        if entry := _ENTRY.match(line):
            path = (ROOT / MAP).parent.joinpath(entry["path"]).resolve()
            yield Entry(str(path.relative_to(ROOT)), entry["title"], entry["told"] or "")


def _title_of(path: str) -> str:
    first, _, _ = (ROOT / path).read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ")
