"""`check --watch`: what failed is run again as soon as a file changes."""

import shutil
import time
from collections.abc import Callable, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from .check_options import (
    Wanted,
    read_baseline,
    read_client,
    read_requirements,
    seed_of,
    select_cases,
)
from .report.client_file import command_of, files_named
from .runs.failures import read_failures
from .runs.run import INTERRUPTED
from .usage import UsageError
from .watched_files import Seen, TooManyFiles, WatchedFiles, changed

Tell = Callable[[str], None]


def watch(
    wanted: Wanted,
    run: Callable[[Wanted], int],
    tell: Tell,
    *,
    pause: Callable[[float], None] = time.sleep,
    interruptible: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Run what is wanted, then, at each change, what failed, or all where nothing did.

    Gives the exit status of the last run that came to its end, once somebody interrupts. What
    a run itself changes each time, as a client's own store, does not begin another. Raises
    UsageError.
    """
    watched, baseline = watched_by(wanted), read_baseline(wanted)
    asked = {one.id for one in select_cases(wanted, read_requirements(wanted, baseline))}
    wanted = replace(wanted, seed=seed_of(wanted, baseline))
    status = INTERRUPTED
    try:
        changes = _Changes(watched)
        ended = run(wanted)
        while ended != INTERRUPTED:
            status = ended
            failed = read_failures(wanted.state) & asked
            news = changes.of_a_run()
            if not news:
                tell(_what_is_next(sorted(failed)))
                with interruptible():
                    news = changes.next(pause)
            tell(f"{_named(news)} changed")
            ended = _again(run, replace(wanted, last_failed=bool(failed)), tell)
    except KeyboardInterrupt:
        pass
    except TooManyFiles as error:
        raise UsageError(f"--watch: {error}; start it in your client's folder") from None
    return status


class _Changes:
    """What others change, during runs and between them."""

    def __init__(self, watched: WatchedFiles) -> None:
        self._watched = watched
        self._before = watched.look()
        self._own: Set[Path] = frozenset()
        """What changed in the last run."""

    def of_a_run(self) -> Set[Path]:
        """Give what changed in the run that is over, but not in the one before it."""
        during = self._since(self._watched.look())
        news, self._own = during - self._own, during
        return news

    def next(self, pause: Callable[[float], None]) -> Set[Path]:
        """Wait for the next change."""
        return self._since(self._watched.wait(self._before, pause))

    def _since(self, after: Seen) -> Set[Path]:
        before, self._before = self._before, after
        return changed(before, after)


def watched_by(wanted: Wanted) -> WatchedFiles:
    """Give what is watched: this folder, and what the command of the client names elsewhere.

    What the run writes is left out. Raises UsageError.
    """
    for option in ("write_baseline", "update_baseline"):
        if getattr(wanted, option):
            told = option.replace("_", "-")
            raise UsageError(f"--watch: --{told} needs a run of all that was asked for")
    here, (program, *named) = Path.cwd(), [*command_of(read_client(wanted)), ""]
    found = shutil.which(program)
    files = {Path(found).absolute()} if found else set[Path]()
    folders = {one.parent for one in files_named(named, here)}
    return WatchedFiles(
        folders={here, *(one for one in folders if not one.is_relative_to(here))},
        files={one for one in files if not one.is_relative_to(here)},
        ignored=_written(wanted),
    )


def _written(wanted: Wanted) -> Set[Path]:
    logs = [wanted.log_file] if wanted.log_file else []
    written = [path for _, path in wanted.written]
    return {path.absolute() for path in (*written, *logs, wanted.state)}


def _again(run: Callable[[Wanted], int], wanted: Wanted, tell: Tell) -> int:
    """Run again; what is wrong with a file that was changed ends nothing."""
    try:
        return run(wanted)
    except UsageError as error:
        tell(str(error))
        return 3


def _what_is_next(failed: Sequence[str]) -> str:
    """Say what is waited for, and what will be run then."""
    due = _some(failed, 8) if failed else "all"
    return f"watching {Path.cwd()}: {due} will be run once a file changes; Ctrl-C ends"


def _named(paths: Set[Path]) -> str:
    here = Path.cwd()
    names = sorted(str(one.relative_to(here) if one.is_relative_to(here) else one) for one in paths)
    return _some(names, 3)


def _some(names: Sequence[str], most: int) -> str:
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")
