"""The reports as files.

What writes one is loaded when it is asked for: the loop at the keyboard is short.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from ..runs.run import Run
from ..runs.whole_file import write_whole
from .foreign_text import encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """Where each report goes; without a file it is not written."""

    json: Path | None = None
    junit: Path | None = None
    sarif: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    badge: Path | None = None
    live: Path | None = None
    """Where a run is watched; the HTML report takes its place."""

    @property
    def reports(self) -> list[tuple[str, Path]]:
        """Each file that was asked for, after the name of its report; a badge has two."""
        return [(one.report, path) for one, path in self.rows()]

    def rows(self) -> Iterator[tuple["_File", Path]]:
        """Give those rows of the table that were asked for, each with its file."""
        for one in _FILES:
            path: Path | None = getattr(self, one.report)
            if path is not None:
                yield one, path.parent / f"{path.stem}{one.suffix}" if one.suffix else path


@dataclass(frozen=True, slots=True)
class _File:
    """A row of the table of files: the report, what writes it, and its suffix if it is not own."""

    report: str
    writer: str
    """The module here, and its function."""
    suffix: str = ""

    def write(self, run: Run) -> str:
        """Give the text of the file."""
        module, _, function = self.writer.partition(":")
        text: str = getattr(import_module(f".{module}", __package__), function)(run)
        return text


_FILES: Final = (
    _File("json", "results:write_json"),
    _File("junit", "junit:write_junit"),
    _File("sarif", "sarif:write_sarif"),
    _File("html", "html:write_html"),
    _File("markdown", "markdown:write_markdown"),
    _File("badge", "badge:write_svg"),
    _File("badge", "badge:write_shields", ".shields.json"),
    _File("live", "html:write_html"),
)


def write_reports(run: Run, files: ReportFiles) -> Mapping[str, str]:
    """Write the reports that were asked for: each whole, or not at all.

    Give what could not be written, by the name of its report, with the reason; it costs no other.
    """
    failed: dict[str, str] = {}
    for one, path in files.rows():
        try:
            write_whole(path, encoded(one.write(run)))
        except OSError as error:
            failed[one.report] = f"{path}: can't be written: {error.strerror}"
        except Exception as error:  # A mistake in one of them is none in the others.
            failed[one.report] = f"{path}: can't be written: {error!r}"
    return failed
