"""F06: an answer that uses up the second's requests makes the next one wait."""

from typing import Final

from ..allowances.retry_after import TOLERANCE
from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..steps.pauses import pause, when_free
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

CALLS: Final = 3
"""Two of three in a row fall into one second, also where it ends between them."""


QUICK: Final = 0.3
"""Seconds of a call that tells something: of slower ones no two fall into one second."""

TRIES: Final = 4
"""How often a busy machine is given the time to make quick ones."""


def play(stage: Stage) -> None:
    """Call more often than the limit allows in a second, one call after the other."""
    stage.client.seed()
    outcomes = calls_in_a_row(stage)
    for _ in range(TRIES - 1):
        if outcomes[-CALLS].seconds < QUICK or refusals(stage):
            break
        pause(stage, 1 + TOLERANCE)
        outcomes += calls_in_a_row(stage)
    refused = refusals(stage)
    told = f"{len(refused)} of {len(outcomes)} calls were refused"
    stage.check("paced", not refused, *outcomes, told=told)
    for outcome in outcomes:
        stage.check_kind("recovers", outcome, Kind.OK)


def calls_in_a_row(stage: Stage) -> list[Outcome]:
    """Call; nothing keeps the first one from being quick."""
    return [call_in_time(stage) for _ in range(CALLS)]


def refusals(stage: Stage) -> list[Exchange]:
    """Give what went beyond the limit."""
    return [one for one in stage.fake.exchanges() if one.status == 429]


def call_in_time(stage: Stage) -> Outcome:
    """Call, and once more in the next second where the client says so."""
    outcome = stage.client.call()
    return when_free(stage, outcome, stage.client.call, seconds=outcome.not_before or 1)


CASE = Case(
    id="F06",
    name="rate-limit/interval-used-up",
    level=Level.ROBUST,
    severity=3,
    requirement="after `RateLimit-Interval-Remaining: 0` a request waits for the next second",
    source="Livestorm's documentation of its limits",
    injects="a limit of one request per second",
    observes="journal, reported kind",
    checks={
        "paced": "calls one after the other never exceed the limit that the answers tell",
        "recovers": "every call succeeds, at once or when the client said",
    },
    needs=("seed", "call"),
    provider={"rate_limits": True, "interval_limit": 1},
    play=play,
)
