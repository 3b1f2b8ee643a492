"""The process that started this one, as long as it holds the other end of standard input."""

import os
import select
import stat
import threading
from collections.abc import Callable


class Parent:
    """Who holds the other end of standard input: a pipe, a socket or a terminal.

    Raises OSError for a standard input that would not tell of an end: one that is closed, a file
    or the null device, which are at their end from the start.
    """

    def __init__(self, descriptor: int = 0) -> None:
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            raise OSError(f"it is closed; {_WANTED}") from None
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)):
            what = "a file" if stat.S_ISREG(mode) else "a device"
            raise OSError(f"it is {what}, which has no end to wait for; {_WANTED}")
        self._descriptor = descriptor

    def call_at_its_end(self, call: Callable[[], object]) -> None:
        """Call, from a thread, once standard input ends; what comes before is dropped."""
        threading.Thread(target=self._wait, args=(call,), name="parent", daemon=True).start()

    def fileno(self) -> int:
        """Give the descriptor that can be read once something comes, or the end."""
        return self._descriptor

    def has_ended(self) -> bool:
        """Take what has come; tell whether it was the end."""
        try:
            return not self._goes_on()
        except OSError:
            return True  # A terminal that is gone can't be read.

    def _wait(self, call: Callable[[], object]) -> None:
        # Not by sys.stdin: at the end of the interpreter its lock would be held by this thread.
        # https://docs.python.org/3/library/threading.html#threading.Thread.daemon
        while not self.has_ended():
            pass
        call()

    def _goes_on(self) -> bool:
        """Wait until something comes; tell whether it is not the end."""
        try:
            return bool(os.read(self._descriptor, 65536))
        except BlockingIOError:  # Whoever shares it has asked that nothing waits at it.
            select.select([self._descriptor], [], [])
            return True


_WANTED = "give it a pipe whose other end the parent keeps"
