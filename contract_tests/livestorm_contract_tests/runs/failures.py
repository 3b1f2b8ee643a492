"""Which cases failed when they were run last, for `--last-failed`."""

import json
from pathlib import Path

from .run import Run
from .whole_file import make_ignored, write_whole


def failures_file(folder: Path) -> Path:
    """Give the file in a folder of what is kept."""
    return folder / "last-failed.json"


def read_failures(folder: Path) -> set[str]:
    """Give their ids; none where there is no file, or one of somebody else."""
    try:
        listed = json.loads(failures_file(folder).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    return {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()


def keep_failures(run: Run, folder: Path) -> None:
    """Note what failed in a run; what it did not play stays as it was. Raises OSError."""
    played = {one.case.id for one in run.results}
    failed = {one.case.id for one in run.results if one.fails}
    known = read_failures(folder)
    listed = sorted((known - played) | failed)
    if not known and not listed:
        return
    make_ignored(folder)
    write_whole(failures_file(folder), f"{json.dumps(listed)}\n".encode())
