"""When the next request may be sent."""

import math
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

from .process_lock import ProcessLock

WINDOW, REQUESTS_PER_WINDOW = 1.0, 5
FIRST_BACKOFF, LONGEST_BACKOFF = 0.25, 8.0
LONGEST_PAUSE = 31 * 86400.0


def read_time() -> float:
    """Give the time of this process in Unix seconds, which a test may freeze or move."""
    # By its name, which is what freezegun replaces.
    return time.time()


class Gate:
    """Holds back all requests of one credential to one server after it asked for a pause.

    `clock` gives Unix seconds. A pause from the future is over: the clock was set back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, ProcessLock()
        self._since = self._until = self._turn = 0.0
        self.pauses = 0

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long; a longer pause that is on stays on."""
        with self._lock.here():
            now = self._clock()
            left = self._until - now if self._since <= now else 0.0
            self._since, self._until = now, now + max(seconds, left)
            self.pauses += 1

    def reserve(self, most: float) -> float:
        """Give the seconds until one's turn, which is kept if they are not more than `most`.

        That is 0, or during a pause its rest, and more for each caller that waits already.
        """
        with self._lock.here():
            now, turn = self._clock(), max(self._until, self._turn)
            if not self._since <= now < turn:
                return 0.0
            if turn - now <= most:
                self._turn = turn + WINDOW / REQUESTS_PER_WINDOW
            return turn - now

    def pass_on(self, pauses: int) -> None:
        """Take a pause that was waited out for over, where the clock stands still and would not.

        `pauses` is how many there were before; a further one stays on.
        """
        with self._lock.here():
            if self.pauses == pauses and self._clock() == self._since:
                self._until = self._turn = self._since


class Budget:
    """The further requests and the seconds of waiting that one operation has left."""

    def __init__(self, requests: int, seconds: float) -> None:
        self.requests, self.seconds, self._backoff = requests, seconds, FIRST_BACKOFF

    def spend_request(self) -> bool:
        """Count a further request; tell whether there was one left."""
        self.requests -= 1
        return self.requests >= 0

    def back_off(self) -> float:
        """Give a random pause in seconds, about twice as long each time."""
        longest, self._backoff = self._backoff, min(self._backoff * 2, LONGEST_BACKOFF)
        return random.uniform(longest / 2, longest)  # noqa: S311


def read_retry_after(headers: httpx.Headers, now: float) -> float | None:
    """Read `Retry-After` as whole seconds from now, rounded up (RFC 9110, section 10.2.3).

    None unless it is positive. A moment is compared with the server's own `Date`, as the clocks
    may differ, or with `now` (Unix seconds). Without it, `RateLimit-Reset` is the moment, the
    start of the next month, unless requests are left for this one.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return min(float(value), LONGEST_PAUSE) or None
    now = read_http_date(headers.get("date", "")) or now
    until, reset = read_http_date(value), headers.get("ratelimit-reset", "")
    if until is None and re.fullmatch(r"[0-9]{1,11}", reset):
        month_is_used_up = headers.get("ratelimit-monthly-remaining", "0") == "0"
        until = float(reset) if month_is_used_up and float(reset) <= now + LONGEST_PAUSE else None
    wait = 0 if until is None else min(math.ceil(until - now), LONGEST_PAUSE)
    return float(wait) if wait > 0 else None


def read_http_date(value: str) -> float | None:
    """Read an HTTP date as Unix seconds, None when it is none (RFC 9110, section 5.6.7)."""
    with suppress(ValueError, OverflowError, IndexError):
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    return None
