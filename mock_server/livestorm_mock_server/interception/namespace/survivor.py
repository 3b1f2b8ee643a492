"""A process that cleans up where `run` is killed and can't."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from ..way import Process

_SECONDS: Final = 2.0


class Survivor:
    """Waits, in a session of its own, for the end of this process or for `close`."""

    def __init__(self, processes: Callable[[], Sequence[Process]], folder: Path) -> None:
        """`processes` are those to end, and `folder` is what to remove."""
        wait, self._told = os.pipe()
        self.process_id = os.fork()
        if not self.process_id:
            _survive(wait, processes, folder)
        os.close(wait)

    def close(self) -> None:
        """Have nothing done."""
        with suppress(OSError):
            os.write(self._told, b".")
        os.close(self._told)
        with suppress(ChildProcessError):
            os.waitpid(self.process_id, 0)


def _survive(wait: int, processes: Callable[[], Sequence[Process]], folder: Path) -> NoReturn:
    try:
        os.setsid()
        # Whoever waits for the end of a stream or of a connection waits for no other process.
        os.closerange(0, wait)
        os.closerange(wait + 1, os.sysconf("SC_OPEN_MAX"))
        if not os.read(wait, 1):
            _end(processes)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os._exit(0)


def _end(processes: Callable[[], Sequence[Process]]) -> None:
    until = time.monotonic() + _SECONDS
    while (left := processes()) and time.monotonic() < until:
        for one in left:
            with suppress(OSError):
                os.kill(one.id, signal.SIGKILL)
