"""Limits and outages: how long to wait, and whether to try again."""

import email.utils
import itertools
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Answer, Failure, User

if TYPE_CHECKING:
    from .client import ModelClient


class Limits(Part):
    """Waits for as long as the server says, or reports it."""

    def __init__(self, client: "ModelClient") -> None:
        super().__init__(client)
        self.turns = itertools.count()

    def check_available(self, answer: Answer) -> None:
        """Raise Failure on 429 and 5xx, whatever the body is."""
        if answer.status == 429 or answer.status >= 500:
            not_before = self.retry_after(answer)
            told = f"the server answered {answer.status}"
            raise Failure(Kind.RETRY_LATER, told, status=answer.status, not_before=not_before)

    def retry_after(self, answer: Answer) -> float | None:
        """Read `Retry-After` in seconds, None where there is none that can be used."""
        value = answer.headers.get("retry-after", "").strip()
        if value.isdecimal() and value.isascii() and len(value) < 300:
            return float(value) or None
        with suppress(ValueError, TypeError, OverflowError):
            until = email.utils.parsedate_to_datetime(value).timestamp()
            date = email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp()
            return until - date if until > date else None
        return self.reset_after(answer)

    def reset_after(self, answer: Answer) -> float | None:
        """Read `RateLimit-Reset` as a moment in the coming two months."""
        value = answer.headers.get("ratelimit-reset", "")
        wait = int(value) - self.now() if value.isdecimal() and len(value) < 16 else 0
        return wait if 0 < wait < 62 * 86_400 else None

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Wait for the next second where this one's requests are used up."""
        if answer.headers.get("ratelimit-interval-remaining") == "0" and answer.status == 200:
            user.not_before = max(user.not_before, self.now() + 1.0)

    def put_off(self, user: User, until: float) -> None:
        """Remember a pause; a longer one stays."""
        user.not_before = max(user.not_before, until)

    def pause(self, user: User) -> None:
        """Wait until the API may be called. Raises Failure where that is too long."""
        wait = user.not_before - self.now()
        if wait > self.longest_wait():
            raise Failure(Kind.RETRY_LATER, "too early", status=429, not_before=wait)
        if wait > 0:
            time.sleep(wait + self.turn())

    def may_retry(self, failure: Failure) -> bool:
        """Wait where the failure passes; tell whether to try again."""
        if failure.was_slow or failure.kind not in (Kind.RETRY_LATER, Kind.TRANSPORT_ERROR):
            return False
        wait = self.backoff() if failure.not_before is None else failure.not_before
        if wait > self.longest_wait():
            return False
        time.sleep(wait if failure.not_before is None else wait + self.turn())
        return True

    def longest_wait(self) -> float:
        """Give the seconds that an operation may wait."""
        return float(self.config["budget"]["max_wait_ms"] / 1000)

    def turn(self) -> float:
        """Give a part of half a second: those who wait go on one after the other."""
        return next(self.turns) % 10 / 20

    def backoff(self) -> float:
        """Draw the pause before a request that nothing puts off."""
        return random.uniform(0.05, 0.1)
