"""The pages as text, for programs that read: Markdown beside each HTML page, and `llms.txt`."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .navigation import HOME, ROOT, pages, sections

_OF_THE_PROJECT: Final = "The project"
"""The section that says nothing about how the fake is used."""


def write_plain(site: Path) -> None:
    """Write the pages as they are, the list of them, and all in one file, into a site."""
    for path in pages():
        shutil.copyfile(ROOT / path, site / path)
    (site / "llms.txt").write_text("\n".join(_listed()), encoding="utf-8")
    (site / "llms-full.txt").write_text("\n".join(_whole()), encoding="utf-8")


def _listed() -> Iterator[str]:
    """Give the lines of `llms.txt` (https://llmstxt.org)."""
    title, _, first, *_ = _read(HOME).splitlines()
    yield from (title, "", f"> {first}", "")
    yield f"- [{title.removeprefix('# ')}]({HOME})"
    for section, entries in sections().items():
        yield from ("", f"## {section}", "")
        for entry in entries:
            yield f"- [{entry.title}]({entry.path})" + (f": {entry.told}" if entry.told else "")
    yield ""


def _whole() -> Iterator[str]:
    paths: Iterable[str] = (
        entry.path
        for section, entries in sections().items()
        if section != _OF_THE_PROJECT
        for entry in entries
    )
    for path in (HOME, *paths):
        yield from (f"<!-- {path} -->", "", _read(path))


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
