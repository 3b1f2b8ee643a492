"""Answers that don't come to an end: when a client must have given up."""

from collections.abc import Mapping
from typing import Final

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..suite.stage import Stage
from .operations import Operation, perform, perform_when_free
from .stored import check_unchanged, stored_now

LONGEST_SECONDS: Final = 60.0
DEADLINE_MS: Final = 65_000.0

CHECKS: Final[Mapping[str, str]] = {
    "in-time": "the operation ends within a minute",
    "kind": "it is reported as transport_error or retry_later",
    "tokens-kept": "the stored tokens stay as they are",
    "recovers": "the next operation after the fault succeeds",
}


def play_slow_answer(stage: Stage, *, operation: Operation, fault: Fault) -> None:
    """Have an operation meet a fault, then lift it."""
    stage.client.seed()
    before = stored_now(stage)
    # Nothing has happened behind the answer: the tokens that are stored go on working.
    stage.fake.arm_keys({"on": operation.endpoint, "phase": "before", **fault})
    outcome = perform(stage, operation, deadline_ms=DEADLINE_MS * stage.patience)
    told = f"after {outcome.seconds:.1f} s"
    in_time = outcome.seconds <= LONGEST_SECONDS * stage.patience
    stage.check("in-time", in_time, outcome, told=told)
    stage.check_kind("kind", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
    check_unchanged(stage, before, outcome, check="tokens-kept")
    stage.fake.disarm()
    stage.check_kind("recovers", perform_when_free(stage, operation), Kind.OK)
