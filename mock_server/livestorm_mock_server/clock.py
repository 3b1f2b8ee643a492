"""The virtual clock of a sandbox."""

import time
from collections.abc import Callable
from email.utils import formatdate

from .reading import InvalidInputError

END = 221_845_392_000
"""The year 9000: all that is reckoned from here stays a date."""


class VirtualClock:
    """Time in Unix seconds that runs with the wall clock until it is moved or frozen.

    `wall` is the source of real time; tests pass their own.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._offset = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """Give the current virtual time in Unix seconds, fractions included."""
        return self._wall() + self._offset if self._frozen_at is None else self._frozen_at

    @property
    def frozen(self) -> bool:
        """Tell whether time stands still."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move time by so many seconds; a negative number moves it back.

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
        """Return to the wall clock."""
        self._offset, self._frozen_at = 0.0, None

    def http_date(self) -> str:
        """Give the current virtual time as an HTTP date (RFC 9110, section 5.6.7)."""
        return formatdate(self.now(), usegmt=True)
