"""When to try again."""

import math
import re
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from secrets import SystemRandom

import httpx

from .errors import RetryLater, TransportError

FIRST_PAUSE = 0.25


class Retries:
    """The further requests, `left` of them, that one operation may send after failures."""

    def __init__(self, left: int, max_wait: float) -> None:
        self._left = left
        self._max_wait = max_wait
        self._pause = FIRST_PAUSE

    def spend(self) -> None:
        """Count one further request. Raises RetryLater when none is left."""
        if self._left <= 0:
            raise RetryLater("the tokens are fresh, but no request is left to use them")
        self._left -= 1

    def pause_after(self, failure: TransportError | RetryLater) -> float:
        """Count one further request and give the seconds to wait before it.

        Raises the failure itself when no request is left or the server asks for more than
        `max_wait` seconds.
        """
        wait = failure.retry_after
        if self._left <= 0 or (wait or 0) > self._max_wait:
            raise failure
        self.spend()
        return self._back_off() if wait is None else wait

    def _back_off(self) -> float:
        pause = SystemRandom().uniform(self._pause / 2, self._pause)
        self._pause *= 2
        return min(pause, self._max_wait)


def read_retry_after(headers: httpx.Headers, now: float) -> float | None:
    """Read `Retry-After` as whole seconds from now, rounded up (RFC 9110, section 10.2.3).

    None unless it is positive. A date is compared with the server's own `Date`, because the two
    clocks may differ, and with `now` (Unix seconds) when there is none.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value, re.ASCII):
        return float(value[:300]) or None
    until = read_http_date(value)
    if until is None:
        return None
    wait = math.ceil(until - (read_http_date(headers.get("date", "")) or now))
    return float(wait) if wait > 0 else None


def read_http_date(value: str) -> float | None:
    """Read an HTTP date as Unix seconds, None when it is none (RFC 9110, section 5.6.7)."""
    with suppress(ValueError, TypeError, OverflowError, IndexError):
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    return None
