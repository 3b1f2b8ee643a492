"""I04: a refresh that fails or is given up releases those who wait for it."""

import time
from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

CALLS = 5
DEADLINE_MS = 60_000
TO_BEGIN = 0.1
"""Seconds for calls to come to where they wait: nothing tells when they are there."""

ALLOWED = (Kind.OK, Kind.RETRY_LATER, Kind.TRANSPORT_ERROR)


def fail(stage: Stage, *, fault: Fault) -> None:
    """Have calls refresh, one for all, which fails."""
    stage.client.seed(expired=True)
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    judge(stage, stage.client.call(parallel=CALLS, deadline_ms=DEADLINE_MS))


def cancel(stage: Stage) -> None:
    """Cancel the call whose refresh is under way, while others wait for it."""
    stage.client.seed(expired=True)
    judge(stage, left_by_first(stage))


def judge(stage: Stage, outcome: Outcome) -> None:
    """Judge calls whose refresh came to nothing, and call again."""
    kinds = [one.kind for one in outcome.reply.results]
    answered = len(kinds) == CALLS and all(may_be(kind, *ALLOWED) for kind in kinds)
    stage.check("all-answered", answered, outcome, told=f"reported {', '.join(kinds)}")
    stage.fake.disarm()
    stage.check_kind("tries-again", stage.client.call(), Kind.OK)


def left_by_first(stage: Stage) -> Outcome:
    """Give the calls that waited for one that was cancelled. Raises Unsupported."""
    if lacks := missing(("cancel", "parallel"), stage.client.ready):
        raise Unsupported(", ".join(lacks))
    held = stage.fake.arm("token.refresh_token", "barrier", seconds=LONGEST_HOLD, times=1)
    first = stage.client.start("call", user="u1", path="/me", deadline_ms=DEADLINE_MS)
    wait_for_hits(stage, held, 1)
    others = stage.client.start(
        "call", user="u1", path="/me", parallel=CALLS, deadline_ms=DEADLINE_MS
    )
    time.sleep(TO_BEGIN)
    first.cancel()
    try:
        was_cancelled = first.finish().kind is Kind.CANCELLED
    except Unsupported:
        was_cancelled = False
    stage.fake.release(held)
    waited = others.finish()
    if not was_cancelled:
        raise Unsupported("cancel")
    return waited


FAULTS: Mapping[str, Fault] = {
    "fails": {"fault": "html_page", "status": 502},
    "reset": {"fault": "reset"},
    "hangs": {"fault": "hang", "seconds": 1, "times": 1},
}

CASE = Case(
    id="I04",
    name="concurrency/failed-refresh",
    level=Level.ROBUST,
    severity=2,
    requirement="a refresh that fails answers all who wait, and the next call tries again",
    source="INV-9; openid/AppAuth-Android#695",
    injects="a refresh that fails, is reset, hangs or loses its caller, while calls wait",
    observes="reported kinds, journal",
    checks={
        "all-answered": "every waiting call is told of the failure, or succeeds",
        "tries-again": "the next call refreshes again",
    },
    needs=("seed", "call", "refresh=auto", "parallel_calls>=5"),
    variants=(
        *(Variant(name=name, play=partial(fail, fault=fault)) for name, fault in FAULTS.items()),
        Variant(name="cancelled", play=cancel),
    ),
)
