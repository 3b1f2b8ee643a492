"""How fast clients send (RFC 6585, section 4)."""

from collections import defaultdict
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import floor

import msgspec

from .rule import Noticed
from .sent import Sent
from .traffic import Traffic

# Seconds by which a request may be early.
_TOLERANCE = 0.05
# A number that is longer is no number of seconds.
_MOST_DIGITS = 15


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """What a 429 asked for, in virtual time."""

    refusal: Sent
    until: float

    def forbids(self, sent: Sent) -> bool:
        """Tell whether a request came too early from a client that had been told.

        Where a test stops or moves the process's time, either way to wait is one.
        """
        virtual, paced = sent.at - self.refusal.at, sent.paced_at - self.refusal.paced_at
        during = virtual >= 0 and max(virtual, paced) < self.until - self.refusal.at - _TOLERANCE
        return during and sent.follows(self.refusal)


def requests_during_retry_after(traffic: Traffic) -> Noticed:
    """Notice requests that don't wait as long as a 429 asked its client to."""
    pauses: dict[str, Pause] = {}
    for sent in traffic.all:
        if (account := traffic.account_of(sent)) is None:
            continue
        pause = pauses.get(account)
        if pause is not None and pause.forbids(sent):
            message = f"Retry-After of exchange {pause.refusal.seq} is not waited for"
            yield message, [pause.refusal, sent]
        new = _read_pause(sent)
        if new is not None and (pause is None or new.until > pause.until):
            pauses[account] = new


def requests_over_limit(traffic: Traffic) -> Noticed:
    """Notice more API calls in a second than the sandbox allows, where it has a limit."""
    limit = traffic.limit
    for sent in _by_account_and_second(traffic).values():
        if limit is not None and _is_dense(sent, limit):
            yield f"more than {limit} API requests are sent in a second", sent


def read_retry_after(value: str, now: float) -> float | None:
    """Read seconds or an HTTP date as a Unix time (RFC 9110, 10.2.3), None for anything else."""
    if value.isascii() and value.isdigit():
        return now + int(value) if len(value) <= _MOST_DIGITS else None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


def _read_pause(sent: Sent) -> Pause | None:
    value = sent.answer_header("retry-after")
    if sent.status != 429 or not sent.got_through or value is None:
        return None
    until = read_retry_after(value.strip(), sent.at)
    return None if until is None else Pause(refusal=sent, until=until)


def _by_account_and_second(traffic: Traffic) -> dict[tuple[str, int], list[Sent]]:
    found: dict[tuple[str, int], list[Sent]] = defaultdict(list)
    for sent in traffic.all:
        if sent.is_to_api and (account := traffic.account_of(sent)) is not None:
            found[account, floor(sent.paced_at)].append(sent)
    return found


def _is_dense(sent: list[Sent], limit: int) -> bool:
    """Tell whether there are too many in a second of real time: the virtual one may stand."""
    pairs = zip(sent, sent[limit:], strict=False)
    return any(last.entry.wall - first.entry.wall < 1 for first, last in pairs)
