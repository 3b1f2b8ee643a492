"""Where a run of `livestorm-mock check` writes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .check_options import Wanted
from .runs.failures import failures_file
from .runs.whole_file import (
    SameFileError,
    check_distinct,
    check_folder,
    check_writable,
    is_same_file,
)
from .usage import UsageError


def check_places(wanted: Wanted) -> None:
    """See, before anything is run, that what will be written can be. Raises UsageError."""
    for option, path in wanted.written:
        with writing(f"{option}: "):
            check_writable(path)
    with writing("--state: "):
        check_folder(wanted.replays)
        if wanted.state.is_dir():
            check_writable(failures_file(wanted.state))
    try:
        check_distinct(_named(wanted))
    except SameFileError as error:
        raise UsageError(str(error)) from None


def _named(wanted: Wanted) -> Iterator[tuple[str, Path]]:
    """Give each file that must be nothing else: what is written, and what is read beside it."""
    yield from wanted.written
    for path in (wanted.state, wanted.replays, failures_file(wanted.state)):
        yield "--state", path
    if wanted.baseline is not None and wanted.write_baseline is None:
        yield "--baseline", wanted.baseline
    if wanted.log_file is not None:
        yield "--log-file", wanted.log_file
    # An earlier report is read before the new one takes its place.
    earlier, new = wanted.compare, wanted.json
    if earlier is not None and not (new is not None and is_same_file(earlier, new)):
        yield "--compare", earlier


@contextmanager
def writing(option: str = "") -> Iterator[None]:
    """Name the file that can't be written, after the option that asks for it. Raises UsageError."""
    try:
        yield
    except OSError as error:
        told = os.strerror(error.errno or 0)
        raise UsageError(f"{option}{error.filename}: can't be written: {told}") from None
