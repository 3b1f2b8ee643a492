"""The reports as files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..runs.run import Run
from ..runs.whole_file import write_whole
from .badge import write_shields, write_svg
from .html import write_html
from .junit import write_junit
from .markdown import write_markdown
from .results import write_json
from .sarif import write_sarif


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """Where each report goes; without a file it is not written."""

    json: Path | None = None
    junit: Path | None = None
    sarif: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    badge: Path | None = None


def write_reports(run: Run, files: ReportFiles) -> None:
    """Write the reports that were asked for: each whole, or not at all.

    One that can't be written costs no other. Raises OSError, the first one's.
    """
    shields = files.badge and files.badge.with_suffix(".shields.json")
    writers: Mapping[Callable[[Run], str], Path | None] = {
        write_json: files.json,
        write_junit: files.junit,
        write_sarif: files.sarif,
        write_html: files.html,
        write_markdown: files.markdown,
        write_svg: files.badge,
        write_shields: shields,
    }
    failures: list[OSError] = []
    for write, path in writers.items():
        try:
            if path is not None:
                write_whole(path, write(run).encode())
        except OSError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
