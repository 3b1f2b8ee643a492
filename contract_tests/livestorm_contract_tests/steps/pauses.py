"""Pauses that a server asks for: whether they are kept, and what is said of them.

A client may wait by itself or answer `retry_later`; both are right.
"""

import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

from ..allowances.retry_after import TOLERANCE
from ..driving.bare import BareCarrier
from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..suite.stage import Stage

REMEMBERED: Final = "the next operation, a POST even, sends nothing before the time is over"

LONGEST_SECONDS: Final = 8.0
"""The most that the suite itself waits in real time: what a client may make of two."""
MOST_CALLS: Final = 4
LEAST_SECONDS: Final = 0.05
"""Of all pauses of so many calls: a random one may be short, several are not."""


def too_early(
    exchanges: Iterable[Exchange], seconds: float | None = None, *, on_its_way: float = 0.0
) -> list[Exchange]:
    """Give the requests that came less than `seconds` after a 429 or 503 before them.

    What the API says is for its requests, what the token endpoint says for its own. Without
    `seconds`, each answer says for how long, by its `Retry-After` in seconds. A request that
    arrives within `on_its_way` seconds of the refusal was sent before the client could know of it.
    """
    listed = [one for one in exchanges if one.at_api or one.at_token_endpoint]
    refused = [one for one in listed if one.status in (429, 503)]
    return [
        later
        for later in listed
        if any(
            later.seq > one.seq
            and later.at_api == one.at_api
            and later.wall > one.ended_at + on_its_way
            and later.at < free_at(one, seconds_of(one, seconds)) - TOLERANCE
            for one in refused
        )
    ]


def seconds_of(refused: Exchange, seconds: float | None = None) -> float:
    """Give `seconds`, or where there are none what the answer's `Retry-After` says."""
    return float(refused.headers["retry-after"]) if seconds is None else seconds


def pauses_within(outcome: Outcome) -> list[float]:
    """Give the seconds between each answer of the API and the next request."""
    return [later.wall - before.ended_at for before, later in pairwise(outcome.api_requests)]


def free_at(refused: Exchange, seconds: float) -> float:
    """Give the end of a pause in Unix seconds of the sandbox's clock."""
    return refused.at + (refused.ended_at - refused.wall) + seconds


def tells_when(outcome: Outcome, seconds: float) -> bool:
    """Tell whether `not_before_s` fits a pause of `seconds` that began during the operation.

    More is right within limits: a client may round up and add a random part.
    """
    told = outcome.reply.not_before_s
    earliest = seconds - outcome.seconds - TOLERANCE
    return told is not None and earliest <= told <= seconds * 1.5 + 5


def told_pause(outcome: Outcome) -> float:
    """Give the seconds after which a client may be asked again for sure, as far as it tells."""
    return 0.0 if outcome.reply.not_before_s is None else outcome.not_before + TOLERANCE


def check_remembered(
    stage: Stage, refused: Outcome, seconds: float, ask: Callable[[], Outcome]
) -> None:
    """Check that the next operation of a client that reported a pause keeps it, too.

    A command without an adapter is a new process each time.
    """
    if refused.kind is not Kind.RETRY_LATER or isinstance(stage.client.carrier, BareCarrier):
        return
    later = ask()
    early = too_early([*refused.exchanges, *later.exchanges], seconds)
    again = [one for one in early if one in later.exchanges]
    told = f"{len(again)} requests in the pause"
    stage.check("remembered", not again, refused, later, told=told)


def pause(stage: Stage, seconds: float) -> None:
    """Let time pass: by the clock of a client that has one, else in real time."""
    if seconds <= 0:
        return
    if stage.client.can("clock"):
        stage.client.advance(seconds)
    else:
        time.sleep(min(seconds, LONGEST_SECONDS))


def after_pause(stage: Stage, seconds: float, again: Callable[[], Outcome]) -> Outcome:
    """Do an operation once a pause is over.

    A client that answers `retry_later` without a request still waits by another clock: it is
    waited for.
    """
    pause(stage, seconds)
    outcome = again()
    if may_be(outcome.kind, Kind.RETRY_LATER) and not outcome.exchanges:
        time.sleep(min(outcome.not_before + TOLERANCE, LONGEST_SECONDS))
        outcome = again()
    return outcome


def when_free(
    stage: Stage, outcome: Outcome, again: Callable[[], Outcome], *, seconds: float | None = None
) -> Outcome:
    """Do an operation again if it said `retry_later`: after `seconds`, or when the client says."""
    if not may_be(outcome.kind, Kind.RETRY_LATER):
        return outcome
    told = outcome.not_before if seconds is None else seconds
    return after_pause(stage, told + 2 * TOLERANCE, again)


def recovered(stage: Stage, before: Outcome, again: Callable[[], Outcome]) -> Outcome:
    """Lift all faults, wait until the client may be asked again, and ask it (INV-9)."""
    stage.fake.disarm()
    return after_pause(stage, told_pause(before), again)
