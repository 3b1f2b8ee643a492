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

_MOST_LEFT: Final = 1024
"""Pieces that are read at most once the process has ended: somebody else may go on writing."""

# The end is looked at and left there, so that the process's number, and its group's, stays taken.
_LOOK: Final = getattr(os, "WEXITED", 0) | getattr(os, "WNOWAIT", 0)


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process that leads a group, with the group, unless it is over and its number free."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses it for zombies
            os.killpg(process.pid, signal.SIGKILL)


def has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a process has ended; its number stays taken until `watch_end` lets it go."""
    if process.returncode is not None or not hasattr(os, "waitid"):
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, _LOOK | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def watch_end(process: "subprocess.Popen[bytes]") -> int:
    """Give a descriptor that can be read once a process has ended, and its group with it.

    The end of a pipe does not tell: whoever has left the group may hold on to it.
    """
    ended, alive = os.pipe()

    def watch() -> None:
        if hasattr(os, "waitid"):  # macOS has it from Python 3.13 on
            with suppress(ChildProcessError):
                os.waitid(os.P_PID, process.pid, _LOOK)
            kill_group(process)
        process.wait()
        os.close(alive)

    threading.Thread(target=watch, daemon=True).start()
    return ended


def pieces_of(stream: int, ended: int) -> Iterator[bytes]:
    """Give what comes from a pipe, until its end or that of the process."""
    left = _MOST_LEFT
    while stream in (ready := wait([stream, ended])) and (piece := os.read(stream, PIECE)):
        yield piece
        left -= ended in ready
        if not left:
            return
