"""Ending a client together with what it has started."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Final

PIECE: Final = 65536
"""Bytes that are read at once."""


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process that leads a group, also one that has ended, and what is left of its group."""
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses it for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)


def watch_end(process: "subprocess.Popen[bytes]") -> int:
    """Give a descriptor that can be read once a process has ended, and its group with it.

    The end of a pipe does not tell: whoever has left the group may hold on to it.
    """
    ended, alive = os.pipe()

    def watch() -> None:
        process.wait()
        kill_group(process)
        os.close(alive)

    threading.Thread(target=watch, daemon=True).start()
    return ended


def pieces_of(stream: int, ended: int) -> Iterator[bytes]:
    """Give what comes from a pipe, until its end or that of the process."""
    while stream in wait([stream, ended]) and (piece := os.read(stream, PIECE)):
        yield piece
