"""F01: a 429 with `Retry-After` in seconds stops requests for so long."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.pauses import tells_when, too_early, when_free
from ..steps.recovering import RECOVERS, REQUIREMENT, go_on_after_several
from ..steps.stored import check_kept
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

SECONDS = 2


def play(stage: Stage, *, max_wait_ms: int) -> None:
    """Be limited once, wait or be told to, and call."""
    stage.client.configure(budget={"max_wait_ms": max_wait_ms})
    stage.client.seed()
    before = stage.client.stored()
    stage.fake.arm("api", "rate_limited", retry_after=SECONDS, times=1)
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.OK, Kind.RETRY_LATER)
    if outcome.kind is Kind.RETRY_LATER:
        stage.check("tells-when", tells_when(outcome, SECONDS), outcome)
    last = when_free(stage, outcome, stage.client.call, seconds=SECONDS)
    stage.check("not-before", not too_early(stage.fake.exchanges(), SECONDS), outcome, last)
    stage.check_kind("recovers", last, Kind.OK)
    check_kept(stage, "tokens-kept", before, outcome, last)


def limit_often(stage: Stage) -> None:
    """Be limited again whenever the pause is over, and then no more."""
    stage.client.configure(budget={"max_wait_ms": 300})
    limited = {"on": "api", "fault": "rate_limited", "retry_after": 1}
    go_on_after_several(stage, limited, stage.client.call, prepare=stage.client.seed)


CASE = Case(
    id="F01",
    name="rate-limit/retry-after-seconds",
    level=Level.SHOULD,
    severity=2,
    requirement="no request for as long as Retry-After says, then success",
    source="RFC 9110, section 10.2.3; RFC 6585; vercel/fetch-retry#31; benoitc/livery#47",
    injects="one 429 with `Retry-After: 2` from the API",
    observes="journal, reported kind, stored token",
    checks={
        "kind": "a 429 is waited out or reported as retry_later",
        "tells-when": "a retry_later says for how long",
        "not-before": "no request before the two seconds are over",
        "recovers": "the call succeeds after the two seconds",
        RECOVERS: REQUIREMENT,
        "tokens-kept": "the stored tokens stay as they are",
    },
    levels={RECOVERS: Level.ROBUST},
    needs=("seed", "call"),
    provider={"rate_limits": True},
    variants=(
        Variant(name="waits", play=partial(play, max_wait_ms=10_000)),
        Variant(name="reports", play=partial(play, max_wait_ms=300)),
        Variant(name="often", play=limit_often),
    ),
)
