"""F01: a 429 with `Retry-After` in seconds stops requests for so long."""

from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import REMEMBERED, check_remembered, tells_when, too_early, when_free
from ..steps.posting import SAME_REQUEST, check_same_request, post
from ..steps.recovering import RECOVERS, REQUIREMENT, go_on_after_several
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

SECONDS = 2
LONG, SHORT = 10_000, 300
"""Milliseconds that a client may wait, more and less than it is told to."""


def get(stage: Stage, *, max_wait_ms: int) -> None:
    """GET twice, limited the first time."""
    call = stage.client.call
    play(stage, call, call, max_wait_ms=max_wait_ms)


def get_and_post(stage: Stage) -> None:
    """POST in the pause that a GET was told of."""
    play(stage, stage.client.call, partial(post, stage), max_wait_ms=SHORT)


def post_twice(stage: Stage, *, max_wait_ms: int) -> None:
    """POST twice, limited the first time."""
    again = partial(post, stage)
    check_same_request(stage, play(stage, again, again, max_wait_ms=max_wait_ms))


def play(
    stage: Stage, ask: Callable[[], Outcome], again: Callable[[], Outcome], *, max_wait_ms: int
) -> Outcome:
    """Be limited once, wait or be told to, and call; give the first outcome."""
    stage.client.configure(budget={"max_wait_ms": max_wait_ms})
    stage.client.seed()
    before = stored_now(stage)
    stage.fake.arm("api", "rate_limited", retry_after=SECONDS, times=1)
    outcome = ask()
    stage.check_kind("kind", outcome, Kind.OK, Kind.RETRY_LATER)
    if outcome.kind is Kind.RETRY_LATER:
        stage.check("tells-when", tells_when(outcome, SECONDS), outcome)
    check_remembered(stage, outcome, SECONDS, again)
    last = when_free(stage, outcome, again, seconds=SECONDS)
    early = too_early([*outcome.exchanges, *last.exchanges], SECONDS)
    stage.check("not-before", not early, outcome, last)
    stage.check_kind("recovers", last, Kind.OK)
    check_unchanged(stage, before, outcome, last, check="tokens-kept")
    return outcome


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
    injects="one 429 with `Retry-After: 2` from the API, to a GET and to a POST",
    observes="journal, reported kind, stored token",
    checks={
        "kind": "a 429 is waited out or reported as retry_later",
        "tells-when": "a retry_later says for how long",
        "not-before": "no request before the two seconds are over",
        "remembered": REMEMBERED,
        "same-request": SAME_REQUEST,
        "recovers": "the call succeeds after the two seconds",
        RECOVERS: REQUIREMENT,
        "tokens-kept": "the stored tokens stay as they are",
    },
    levels={"same-request": Level.MUST},
    needs=("seed", "call"),
    scenario="events_writable",
    provider={"rate_limits": True},
    variants=(
        Variant(name="waits", play=partial(get, max_wait_ms=LONG)),
        Variant(name="reports", play=partial(get, max_wait_ms=SHORT)),
        Variant(name="waits, POST", play=partial(post_twice, max_wait_ms=LONG)),
        Variant(name="reports, POST", play=partial(post_twice, max_wait_ms=SHORT)),
        Variant(name="reports, then POST", play=get_and_post),
        Variant(name="often", play=limit_often),
    ),
)
