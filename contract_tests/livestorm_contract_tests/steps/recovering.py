"""Failures that come several times in a row: when their cause is gone, they are over (INV-9).

A client may keep pauses, those of the server and its own; none may outlive its cause for good.
"""

from collections.abc import Callable
from typing import Final

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..suite.stage import Stage
from .pauses import LONGEST_SECONDS, after_pause, told_pause
from .using import use

IN_A_ROW: Final = 5
"""As many failures as open a circuit breaker, or have a counter give up."""
LONGEST_OWN_PAUSE: Final = 3600.0
"""Seconds after which a client that pauses by itself has to try again."""
RECOVERS: Final = "recovers-from-several"
REQUIREMENT: Final = "after several failures in a row the client goes on without a human, too"


def refresh_after_several(stage: Stage, fault: Fault, *, once: str = "recovers") -> None:
    """Have refreshes fail several times in a row, then let them succeed."""
    go_on_after_several(
        stage,
        {"on": "token.refresh_token", **fault},
        lambda: use(stage),
        prepare=lambda: stage.client.seed(expired=True),
        once=once,
    )


def go_on_after_several(
    stage: Stage,
    fault: Fault,
    again: Callable[[], Outcome],
    *,
    prepare: Callable[[], object] = lambda: None,
    once: str = "recovers",
    several: str = RECOVERS,
) -> None:
    """Have an operation fail once, then several times in a row, each after its pause.

    `once` and `several` are the checks that it then succeeds.
    """
    prepare()
    if not stage.check_kind(once, fail(stage, fault, again, times=1), Kind.OK):
        return
    prepare()
    outcome = fail(stage, fault, again, times=IN_A_ROW)
    if outcome.kind is not Kind.OK and not outcome.exchanges:
        if stage.client.can("clock"):
            stage.client.advance(LONGEST_OWN_PAUSE)
            outcome = again()
        elif told_pause(outcome) > LONGEST_SECONDS:
            return
    stage.check_kind(several, outcome, Kind.OK)


def fail(stage: Stage, fault: Fault, again: Callable[[], Outcome], *, times: int) -> Outcome:
    """Have an operation fail so often; give how it ends when the fault is lifted.

    `retry_after` of the fault is waited for, also where the client does not tell of it.
    """
    asked = fault.get("retry_after", 0)
    seconds = float(asked) if isinstance(asked, int) else 0.0
    stage.fake.arm_keys(fault)
    outcome = again()
    for _ in range(times - 1):
        outcome = after_pause(stage, max(told_pause(outcome), seconds), again)
    stage.fake.disarm()
    return after_pause(stage, max(told_pause(outcome), seconds), again)
