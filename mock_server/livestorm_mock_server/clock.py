"""The virtual clock of a sandbox."""

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import partial

from .reading import InvalidInputError

END = 221_845_392_000
"""The year 9000: all that is reckoned from here stays a date."""


# What freezegun and time-machine do not replace, whenever this module is loaded.
read_steady: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    if hasattr(time, "clock_gettime")
    else partial(time.monotonic)
)
"""Give seconds that pass whatever a test does to the time of its process."""


def read_time() -> float:
    """Give the time of this process in Unix seconds, which a test may freeze or move."""
    # By its name, which is what freezegun replaces.
    return time.time()


class VirtualClock:
    """Time in Unix seconds that runs with the process's until it is moved or frozen.

    `wall` is the source of the process's time, `steady` of seconds that always pass; tests pass
    their own.
    """

    def __init__(
        self,
        wall: Callable[[], float] = read_time,
        steady: Callable[[], float] = read_steady,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._offset = 0.0
        self._frozen_at: float | None = None
        self._seen = wall(), steady()
        self._stood = 0.0
        """For how many seconds the process's time was seen to stand still."""

    def now(self) -> float:
        """Give the current virtual time in Unix seconds, fractions included."""
        return self._wall() + self._offset if self._frozen_at is None else self._frozen_at

    def wall(self) -> float:
        """Give the process's time in Unix seconds; while it stands still, real time is added."""
        seen, self._seen = self._seen, (self._wall(), self._steady())
        if seen[0] == self._seen[0]:
            self._stood += self._seen[1] - seen[1]
        return self._seen[0] + self._stood

    def pace(self) -> float:
        """Give the virtual time by which limits are counted: it passes also where a test makes
        the process's time stand still.
        """
        return self.wall() + self._offset if self._frozen_at is None else self._frozen_at

    @property
    def frozen(self) -> bool:
        """Tell whether time stands still."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move time by so many seconds; a negative number moves it back.

        A client with a clock of its own stays where it is: see docs/time.md.

        Raises InvalidInputError beyond the year 9000.
        """
        self.set(self.now() + seconds)

    def set(self, now: float) -> None:
        """Set the time to this Unix timestamp. Raises InvalidInputError beyond the year 9000."""
        if not 0 <= now <= END:
            raise InvalidInputError("the time", now, f"a Unix time from 0 to {END}")
        if self._frozen_at is None:
            self._offset = now - self._wall()
        else:
            self._frozen_at = now

    def freeze(self) -> None:
        """Stop time until `resume`."""
        self._frozen_at = self.now()

    def resume(self) -> None:
        """Let time run on from where it stands."""
        now = self.now()
        self._frozen_at = None
        self.set(now)

    def reset(self) -> None:
        """Return to the process's time."""
        self._offset, self._frozen_at = 0.0, None

    def http_date(self) -> str:
        """Give the current virtual time as an HTTP date (RFC 9110, section 5.6.7)."""
        return formatdate(self.now(), usegmt=True)
