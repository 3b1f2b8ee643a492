"""A lock for the threads of one process, which a fork does not inherit."""

import os
import threading


class ProcessLock:
    """A lock of its own for each process.

    In a fork, one that was held elsewhere would be held for ever: its thread is not there.
    """

    def __init__(self) -> None:
        self._locks: dict[int, threading.Lock] = {}

    def here(self) -> threading.Lock:
        """Give the lock of this process."""
        return self._locks.setdefault(os.getpid(), threading.Lock())
