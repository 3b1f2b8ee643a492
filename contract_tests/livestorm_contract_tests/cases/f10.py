"""F10: 429s without end are given up, within the budget."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..steps.pauses import pauses_within, too_early
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

SLACK_SECONDS, PAUSE_SLACK_SECONDS = 4.0, 2.0
"""On a machine under load, for the requests themselves and for the pauses between them."""


MOST_REQUESTS = 4


def play(stage: Stage, *, budget: int, first: int) -> None:
    """Call against an API that always says to wait."""
    stage.client.configure(budget={"max_wait_ms": 1000 * budget})
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", retry_after=first, times=1)
    stage.fake.arm("api", "rate_limited", retry_after=3)
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    stage.check("bounded", len(outcome.exchanges) <= MOST_REQUESTS, outcome)
    waited = sum(pauses_within(outcome))
    in_time = waited <= budget + PAUSE_SLACK_SECONDS and outcome.seconds <= budget + SLACK_SECONDS
    told = f"after {outcome.seconds:.1f} s, {waited:.1f} s of them between requests"
    stage.check("in-time", in_time, outcome, told=told)
    stage.check("not-before", not too_early(outcome.exchanges), outcome)


def hammer(stage: Stage, *, limit: Mapping[str, object]) -> None:
    """Call against an API that asks for no pause, or a short one, again and again."""
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", **limit)
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    stage.check("bounded", len(outcome.exchanges) <= MOST_REQUESTS, outcome)


SHORT_PAUSES: Mapping[str, Mapping[str, object]] = {
    "0": {"retry_after": 0},
    "absent": {"retry_after_form": "absent"},
    "1": {"retry_after": 1},
}

CASE = Case(
    id="F10",
    name="rate-limit/for-ever",
    level=Level.ROBUST,
    severity=2,
    requirement="429s without end are given up within the budget, as retry_later",
    source="INV-4",
    injects="429s without end, whose pauses are together longer than may be waited, or the first; "
    "429s without a Retry-After, and with one of 0 or 1",
    observes="reported kind, journal, real time",
    checks={
        "kind": "429s without an end are reported as retry_later",
        "bounded": "at most four requests for one call",
        "in-time": "the client does not wait longer than its budget, all pauses together",
        "not-before": "no request before the time that each answer asks for is over",
    },
    needs=("seed", "call"),
    provider={"rate_limits": True},
    variants=(
        Variant(name="waits", play=partial(play, budget=3, first=3)),
        Variant(name="reports", play=partial(play, budget=1, first=6)),
        *(
            Variant(name=f"Retry-After {name}", play=partial(hammer, limit=limit))
            for name, limit in SHORT_PAUSES.items()
        ),
    ),
)
