"""The invariants that speak of more than one operation."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from itertools import pairwise
from urllib.parse import quote

from ..allowances.token_endpoint import allow_after_token_answer
from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..steps.pauses import ON_ITS_WAY, TOLERANCE
from .evidence import Operation
from .invariants import MOST_REQUESTS, MOST_TOKEN_REQUESTS_OF_A_CALL

CUT = ("close", "cut_chunked", "reset", "reset_in_body", "short_body")
"""Faults that end the connection before the whole answer has come."""

CUT_IN_BODY = ("reset_in_body", "short_body")
"""Those of them that leave the head whole, which is all of an answer without a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which a part of the provider must not be asked, in Unix seconds."""

    begins: float
    ends: float


@dataclass(kw_only=True)
class History:
    """What has happened in a script so far."""

    exchanges: list[Exchange] = field(default_factory=list)
    advanced: float = 0.0
    """By how many seconds the client's clock was moved."""
    pauses: dict[str, list[Pause]] = field(default_factory=dict)
    """What forbids to ask a part, in real time and moved time together."""
    excused_until: float = 0.0
    """The moment before which a client may think that it must not ask."""

    def add(self, outcome: Outcome) -> list[str]:
        """Take an operation in; give what it breaks, in words.

        What the token endpoint said counts within an operation: one that is asked for is not
        the client's own idea.
        """
        self.pauses.pop("token", None)
        on_its_way = ON_ITS_WAY if outcome.command.get("parallel") else 0.0
        exchanges = [as_delivered(one) for one in outcome.exchanges]
        broken = [
            told
            for exchange in exchanges
            for told in (self._too_early(exchange, on_its_way), self._repeated(exchange))
            if told is not None
        ]
        self.exchanges += exchanges
        return broken

    def seconds_left(self, now: float) -> float:
        """Give the seconds for which an answer may still forbid to ask."""
        return self.excused_until - now - self.advanced

    def _too_early(self, exchange: Exchange, on_its_way: float) -> str | None:
        """INV-5: nothing is asked earlier than `Retry-After` says."""
        pauses = self.pauses.setdefault("api" if exchange.at_api else "token", [])
        came = exchange.wall + self.advanced
        known = [one.ends - came for one in pauses if came > one.begins + on_its_way]
        self.excused_until = max(self.excused_until, excuse(exchange) + self.advanced)
        seconds = read_seconds(exchange)
        if seconds is not None:
            answered = (exchange.answered_at or exchange.wall) + self.advanced
            pauses.append(Pause(begins=answered, ends=answered + seconds))
        if (early := max(known, default=0.0)) > TOLERANCE:
            return f"INV-5: exchange {exchange.seq} came {early:.2f} s before Retry-After was over"
        return None

    def _repeated(self, exchange: Exchange) -> str | None:
        """INV-3: a code is sent once, a refresh token never after its successor has come."""
        code, refresh_token = exchange.code, exchange.refresh_token
        for earlier in self.exchanges:
            if code is not None and earlier.code == code:
                return f"INV-3: exchange {exchange.seq} sends a code again"
            if refresh_token is not None and supersedes(earlier, refresh_token):
                return f"INV-3: exchange {exchange.seq} sends a superseded refresh token"
        return None


def as_delivered(exchange: Exchange) -> Exchange:
    """Give an exchange as the client saw it: an answer that was cut on its way is none."""
    is_whole = exchange.fault in CUT_IN_BODY and not exchange.body
    return replace(exchange, status=None) if exchange.fault in CUT and not is_whole else exchange


def read_seconds(exchange: Exchange) -> float | None:
    """Give the seconds of a plain `Retry-After` on a 429 or 503."""
    value = exchange.headers.get("retry-after", "")
    plain = value.isdecimal() and value.isascii() and len(value) < 12
    return float(value) if plain and exchange.status in (429, 503) else None


def excuse(exchange: Exchange) -> float:
    """Give the moment until which some client may wait, whatever the answer's status is."""
    value = exchange.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value, re.ASCII):
        return (exchange.answered_at or exchange.wall) + float(value)
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(value).timestamp()
    return 0.0


def supersedes(exchange: Exchange, refresh_token: str) -> bool:
    """Tell whether an exchange brought the client a successor of a refresh token for sure."""
    if exchange.refresh_token != refresh_token or exchange.status is None:
        return False
    content_type = exchange.headers.get("content-type")
    allowance = allow_after_token_answer(exchange.status, content_type, exchange.body)
    return allowance.must_bring_tokens and all(
        grant.refresh_token not in (None, refresh_token) for grant in allowance.grants
    )


def overlapping(exchanges: Sequence[Exchange]) -> str | None:
    """INV-8: two refreshes of one credential are never in flight at once."""
    refreshes = sorted(
        (one for one in exchanges if one.refresh_token is not None), key=lambda one: one.wall
    )
    for one, next_one in pairwise(refreshes):
        if one.answered_at is not None and next_one.wall < one.answered_at:
            return f"INV-8: refreshes {one.seq} and {next_one.seq} are in flight at once"
    return None


def judge_parallel(outcome: Outcome, calls: int) -> list[str]:
    """Judge what can be told of so many calls at once; give what they break, in words."""
    most, most_tokens = MOST_REQUESTS[Operation.CALL], MOST_TOKEN_REQUESTS_OF_A_CALL
    broken = [] if (told := overlapping(outcome.exchanges)) is None else [told]
    if len(outcome.exchanges) > calls * most or len(outcome.token_requests) > calls * most_tokens:
        told = f"{len(outcome.exchanges)} requests, {len(outcome.token_requests)} for tokens"
        broken.append(f"INV-4: {calls} calls sent {told}")
    if Kind.BUG in (outcome.kind, *(one.kind for one in outcome.reply.results)):
        broken.append("INV-7: an operation may fail only in ways that its caller is told of")
    return broken


def leaked(
    secrets: Iterable[str], exchanges: Iterable[Exchange], texts: Iterable[str]
) -> str | None:
    """INV-6: a secret is in no query string, and in nothing that is printed or reported."""
    listed = [form for secret in secrets if len(secret) > 8 for form in {secret, quote(secret)}]
    queries = [one.target.partition("?")[2] for one in exchanges]
    for where, found in (("a query string", queries), ("what the client prints", list(texts))):
        if any(secret in text for secret in listed for text in found):
            return f"INV-6: a secret is in {where}"
    return None
