"""What went elsewhere than to the fake: bounded, but never without what meant Livestorm itself."""

import time

from ...real_hosts import is_livestorms, name_of
from ..way import Attempt, Process

MOST = 1000
"""Attempts that are kept, and beyond these as many targets at Livestorm's hosts."""


class Attempts:
    """The attempts of one run, in their order."""

    def __init__(self) -> None:
        self.kept: list[Attempt] = []
        self.dropped = 0
        """Attempts of which nothing is kept."""
        self._real: set[str] = set()

    def takes(self, target: str) -> bool:
        """Tell whether an attempt is to be kept, and count it where it is not.

        This comes before the process is looked for, which takes a millisecond.
        """
        is_new = len(self._real) < MOST and target.lower() not in self._real
        taken = len(self.kept) < MOST or (is_new and is_livestorms(name_of(target)))
        self.dropped += not taken
        return taken

    def add(self, target: str, process: Process | None) -> None:
        """Keep one."""
        attempt = Attempt(target=target, process=process, at=time.time())
        if attempt.is_real:
            self._real.add(target.lower())
        self.kept.append(attempt)

    def has(self, target: str, process: Process | None) -> bool:
        """Tell whether a process was seen with a target."""
        return any((one.target, one.process) == (target, process) for one in self.kept)

    def notes(self) -> list[str]:
        """Say how many are missing."""
        return [f"{self.dropped} more attempts to go elsewhere are not listed"][: self.dropped]
