"""What outlives the command in its namespace, where nothing is left to talk to."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

from ..way import Process

_GRACE = 1.0
"""Seconds between the request to end and the end."""
_STEP = 0.01


async def end_all(processes: Callable[[], Sequence[Process]]) -> list[Process]:
    """End what is there, by SIGTERM and after a second by SIGKILL; give what was there."""
    found = list(processes())
    left = _tell_all(found, signal.SIGTERM)
    for _ in range(int(_GRACE / _STEP)):
        if not left:
            return found
        # They are no children of this process: nothing tells of their end.
        await asyncio.sleep(_STEP)
        left = list(processes())
    found += [one for one in left if one not in found]
    _tell_all(left, signal.SIGKILL)
    return found


def _tell_all(processes: Sequence[Process], number: signal.Signals) -> Sequence[Process]:
    for one in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one.id, number)
    return processes
