"""Processes that meant Livestorm, and the connections by which they came to the fake."""

import time
from typing import Final

from .processes import local_port, process_of
from .way import Attempt, Process

_MOST: Final = 1000
"""Processes that are kept."""


class Callers:
    """What is known before a process asks for anything."""

    def __init__(self) -> None:
        self.attempts: dict[int, Attempt] = {}
        """By the ids of the processes."""
        self._at: dict[int, Process] = {}

    def remember(self, thread: int, target: str, connecting: int | None = None) -> None:
        """Note whose thread it is; `connecting` is the descriptor that it is about to connect."""
        calling = process_of(thread)
        if calling is None:
            return
        if len(self.attempts) < _MOST:
            attempt = Attempt(target=target, process=calling, at=time.time())
            self.attempts.setdefault(calling.id, attempt)
        port = None if connecting is None else local_port(calling, connecting)
        if port is not None:
            self._at[port] = calling

    def at(self, port: int) -> Process | None:
        """Give who connected from a port last: another one may use the connection."""
        return self._at.get(port)
