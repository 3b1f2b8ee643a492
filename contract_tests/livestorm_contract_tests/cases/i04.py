"""I04: a refresh that fails or is given up releases those who wait for it."""

import time
from collections.abc import Mapping, Sequence
from functools import partial

from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.using import check_recovers, refreshes_on_call, start_using
from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.driver import Running, Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

CALLS = 5
DEADLINE_MS = 60_000
TO_BEGIN = 0.1
"""Seconds for calls to come to where they wait: nothing tells when they are there."""

ALLOWED = (Kind.OK, Kind.RETRY_LATER, Kind.TRANSPORT_ERROR)


def fail(stage: Stage, *, fault: Fault) -> None:
    """Have several refresh, one for all, which fails."""
    stage.client.seed(expired=True)
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    judge(stage, [one.finish() for one in start_several(stage)])


def cancel(stage: Stage) -> None:
    """Cancel the operation whose refresh is under way, while others wait for it."""
    stage.client.seed(expired=True)
    judge(stage, left_by_first(stage))


def start_several(stage: Stage) -> list[Running]:
    """Begin to use an expired token several times at once. Raises Unsupported.

    A client that refreshes on command is told to, as often at once as it takes commands.
    """
    if refreshes_on_call(stage.client):
        if lacks := missing((f"parallel_calls>={CALLS}",), stage.client.ready):
            raise Unsupported(", ".join(lacks))
        call = {"user": "u1", "path": "/me", "parallel": CALLS}
        return [stage.client.start("call", deadline_ms=DEADLINE_MS, **call)]
    times = CALLS if stage.client.ready.features.parallel else 1
    return [start_using(stage.client, deadline_ms=DEADLINE_MS) for _ in range(times)]


def judge(stage: Stage, outcomes: Sequence[Outcome]) -> None:
    """Judge operations whose refresh came to nothing, and try again."""
    kinds = [one.kind for outcome in outcomes for one in outcome.reply.results or [outcome.reply]]
    asked = sum(outcome.calls for outcome in outcomes)
    answered = len(kinds) == asked and all(may_be(kind, *ALLOWED) for kind in kinds)
    stage.check("all-answered", answered, *outcomes, told=f"reported {', '.join(kinds)}")
    check_recovers(stage, "tries-again", outcomes[-1])


def left_by_first(stage: Stage) -> list[Outcome]:
    """Give the operations that waited for one that was cancelled. Raises Unsupported."""
    if lacks := missing(("cancel", "parallel"), stage.client.ready):
        raise Unsupported(", ".join(lacks))
    held = stage.fake.arm("token.refresh_token", "barrier", seconds=LONGEST_HOLD, times=1)
    first = start_using(stage.client, deadline_ms=DEADLINE_MS)
    wait_for_hits(stage, held, 1)
    others = start_several(stage)
    time.sleep(TO_BEGIN)
    first.cancel()
    try:
        was_cancelled = first.finish().kind is Kind.CANCELLED
    except Unsupported:
        was_cancelled = False
    stage.fake.release(held)
    waited = [one.finish() for one in others]
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
        "all-answered": "every one that waits is told of the failure, or succeeds",
        "tries-again": "the next one refreshes again",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        *(Variant(name=name, play=partial(fail, fault=fault)) for name, fault in FAULTS.items()),
        Variant(name="cancelled", play=cancel),
    ),
)
