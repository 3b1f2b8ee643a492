"""The virtual clock of a sandbox."""

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache, partial

import msgspec

from .reading import InvalidInputError

END = 221_845_392_000
"""The year 9000: all that is reckoned from here stays a date."""

_SINCE = 100 * 366 * 86_400
"""A century in seconds: so far beyond what it can be set to a clock may have come."""


# What freezegun and time-machine do not replace, whenever this module is loaded. The boot time
# goes on while Linux is suspended, as the monotonic time of other systems does.
read_steady: Callable[[], float] = (
    partial(time.clock_gettime, getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    if hasattr(time, "clock_gettime")
    else partial(time.monotonic)
)
"""Give seconds that pass whatever a test does to the time of its process."""


def read_time() -> float:
    """Give the time of this process in Unix seconds, which a test may freeze or move."""
    # By its name, which is what freezegun replaces.
    return time.time()


class ClockSetting(msgspec.Struct, frozen=True, kw_only=True):
    """How a clock was moved, in seconds, or the Unix time at which it stands still."""

    offset: float = 0.0
    pace_offset: float = 0.0
    frozen_at: float | None = None


class VirtualClock:
    """Time in Unix seconds that runs with the process's until it is moved or frozen.

    `process` is the source of the process's time, `steady` of seconds that always pass; tests
    pass their own.
    """

    def __init__(
        self,
        process: Callable[[], float] = read_time,
        steady: Callable[[], float] = read_steady,
    ) -> None:
        self._process, self._steady = process, steady
        self._told: list[Callable[[], object]] = []
        self._frozen_at: float | None = None
        self._offset = self._pace_offset = 0.0
        self.reset()

    def now(self) -> float:
        """Give the current virtual time in Unix seconds, fractions included."""
        return self._process() + self._offset if self._frozen_at is None else self._frozen_at

    def wall(self) -> float:
        """Give real time in Unix seconds: the process's at the start or at the last reset, and
        what has passed since, whatever a test does to the process's time.
        """
        return self._began_at + self._steady()

    def pace(self) -> float:
        """Give the time by which requests in a second are counted.

        It is `now` whenever this clock is moved or frozen, and passes like `wall` from there.
        """
        return self.pace_at(self.wall())

    def pace_at(self, wall: float) -> float:
        """Give the `pace` of a moment of `wall`."""
        if self._frozen_at is not None:
            return self._frozen_at
        return wall + self._pace_offset if self._pace_offset else wall

    def call_when_moved(self, told: Callable[[], object]) -> None:
        """Call this whenever time is moved, stopped or resumed, in the thread that does it."""
        self._told.append(told)

    def _tell(self) -> None:
        for told in self._told:
            told()

    @property
    def setting(self) -> ClockSetting:
        """How it was moved."""
        return ClockSetting(
            offset=self._offset, pace_offset=self._pace_offset, frozen_at=self._frozen_at
        )

    @setting.setter
    def setting(self, setting: ClockSetting) -> None:
        self._offset, self._pace_offset = setting.offset, setting.pace_offset
        self._frozen_at = setting.frozen_at
        self._tell()

    def check(self, setting: ClockSetting, where: str) -> None:
        """Check that a setting leads to dates. Raises InvalidInputError.

        Time may have gone on since the clock was set to the last of them.
        """
        expected = "what leads to a time from 1970 to the year 9000"
        frozen_at = setting.frozen_at
        if frozen_at is not None and not 0 <= frozen_at <= END:
            raise InvalidInputError(f"{where}.frozen_at", frozen_at, expected)
        for name, now in (("offset", self._process()), ("pace_offset", self.wall())):
            offset = getattr(setting, name)
            if not -_SINCE <= now + offset <= END + _SINCE:
                raise InvalidInputError(f"{where}.{name}", offset, expected)

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
        now = float(now)
        if self._frozen_at is None:
            self._offset, self._pace_offset = now - self._process(), now - self.wall()
        else:
            self._frozen_at = now
        self._tell()

    def freeze(self) -> None:
        """Stop time until `resume`."""
        self._frozen_at = self.now()
        self._tell()

    def resume(self) -> None:
        """Let time run on from where it stands."""
        now = self.now()
        self._frozen_at = None
        self.set(now)

    def reset(self) -> None:
        """Return to the process's time."""
        self._began_at = self._process() - self._steady()
        self._offset = self._pace_offset = 0.0
        self._frozen_at = None
        self._tell()

    def http_date(self) -> str:
        """Give the current virtual time as an HTTP date (RFC 9110, section 5.6.7)."""
        return _http_date(int(self.now()))


@lru_cache(maxsize=16)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)
