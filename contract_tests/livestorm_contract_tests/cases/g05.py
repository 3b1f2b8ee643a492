"""G05: the end of an HTTP/1.0 answer shows only in its content."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.operations import Operation, perform, perform_when_free
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

BROKEN = (Kind.PROTOCOL_ERROR, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def take_whole(stage: Stage, *, operation: Operation) -> None:
    """Answer in HTTP/1.0, in whole."""
    stage.client.seed()
    stage.fake.arm(operation.endpoint, "close_delimited", keep=1, phase="after")
    stage.check_kind("whole-taken", perform(stage, operation), Kind.OK)


def cut(stage: Stage, *, operation: Operation) -> None:
    """Answer in HTTP/1.0, half of it."""
    stage.client.seed()
    before = stored_now(stage)
    stage.fake.arm(operation.endpoint, "close_delimited", keep=0.5)
    outcome = perform(stage, operation)
    stage.check_kind("kind", outcome, *BROKEN)
    check_unchanged(stage, before, outcome, check="tokens-kept")
    stage.fake.disarm()
    stage.check_kind("recovers", perform_when_free(stage, operation), Kind.OK)


CASE = Case(
    id="G05",
    name="transport/close-delimited",
    level=Level.ROBUST,
    severity=3,
    requirement="the parser finds that an answer without a length was cut; a whole one is taken",
    source="RFC 9112, section 6.3",
    injects="an HTTP/1.0 answer that ends with the connection, in whole or cut in the middle",
    observes="reported kind, stored token",
    checks={
        "kind": "a cut answer is reported as protocol_error, or as a broken connection",
        "tokens-kept": "the stored tokens stay as they are",
        "recovers": "the next operation after the fault succeeds",
        "whole-taken": "a whole answer that ends with its connection is taken",
    },
    needs=("seed",),
    variants=tuple(
        Variant(name=f"{name} {one}", play=partial(play, operation=one))
        for name, play in (("cut", cut), ("whole", take_whole))
        for one in Operation
    ),
)
