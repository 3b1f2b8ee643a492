"""What outlives the command, for which nothing is left to talk to."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from ..socket_owners import name_of
from ..way import Process

_GRACE: Final = 1.0
"""Seconds between the request to end and the end."""
_STEP: Final = 0.01
_HUNT: Final = 2.0
"""Seconds for processes that fork while they are ended."""
_MOST: Final = 40
"""Processes that are named."""


class Remaining(Struct):
    """What was found, by its process ids, and what of it lives on."""

    ended: dict[int, Process] = {}
    left: Sequence[Process] = ()

    def notes(self) -> Iterator[str]:
        """Say so, a line for each."""
        lives = {one.id for one in self.left}
        for process in [one for one in self.ended.values() if one.id not in lives][:_MOST]:
            yield f"ended what outlived the command: {process.id} {process.name}"
        if len(self.ended) > _MOST:
            yield f"ended what outlived the command: {len(self.ended) - _MOST} more processes"
        for process in self.left[:_MOST]:
            yield f"lives on, as it can't be ended: {process.id} {process.name}"


async def end_all(processes: Callable[[], Sequence[Process]]) -> Remaining:
    """End what is there, by SIGTERM and after a second by SIGKILL, until nothing is left."""
    remaining = Remaining()
    left = _tell_all(processes(), signal.SIGTERM, remaining)
    for _ in range(int(_GRACE / _STEP)):
        if not left:
            return remaining
        await asyncio.sleep(_STEP)
        left = processes()
    await asyncio.to_thread(_hunt, processes, remaining)
    return remaining


def _hunt(processes: Callable[[], Sequence[Process]], remaining: Remaining) -> None:
    """Freeze all that there is, then kill it; what forks meanwhile is there the next time.

    Without a pause: whatever forks on and on has another process id each time.
    """
    until = time.monotonic() + _HUNT
    while left := processes():
        if time.monotonic() > until:
            remaining.left = left
            return
        _tell_all(left, signal.SIGSTOP, remaining)
        _tell_all(left, signal.SIGKILL, remaining)


def descendants(but: Collection[int] = ()) -> list[Process]:
    """Give what descends from this process and lives, `but` for children of its own.

    Orphans are its children, too, where it is a subreaper. Those that have ended are taken note of,
    so that their ids are free. Kernels without CONFIG_PROC_CHILDREN tell of none.
    """
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    found: list[int] = []
    waiting = [one for one in _children(os.getpid()) if one not in but]
    while waiting:
        process_id = waiting.pop()
        found.append(process_id)
        waiting += _children(process_id)
    return [Process(one, name_of(one)) for one in found]


def _children(process_id: int) -> list[int]:
    """https://man7.org/linux/man-pages/man5/proc_pid_task.5.html"""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process_id}/task"):
            with suppress(OSError):
                text = Path(f"/proc/{process_id}/task/{thread}/children").read_text("ascii")
                found += map(int, text.split())
    return found


def _tell_all(
    processes: Sequence[Process], number: signal.Signals, remaining: Remaining
) -> Sequence[Process]:
    for one in processes:
        if len(remaining.ended) < 1000:
            remaining.ended.setdefault(one.id, one)
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one.id, number)
    return processes
