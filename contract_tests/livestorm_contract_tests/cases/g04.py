"""G04: an answer that breaks off is no answer, and the operation comes to its end."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS
from ..steps.operations import Operation, perform, perform_when_free
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, operation: Operation, fault: str) -> None:
    """Cut each answer; what the client does not report by its deadline is a hang."""
    stage.client.seed()
    before = stored_now(stage)
    stage.fake.arm(operation.endpoint, fault)
    outcome = perform(stage, operation, deadline_ms=DEADLINE_MS * stage.patience)
    stage.check("not-taken", outcome.kind is not Kind.OK, outcome)
    if outcome.kind is not Kind.OK:
        stage.check_kind("kind", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
    check_unchanged(stage, before, outcome, check="tokens-kept")
    stage.fake.disarm()
    stage.check_kind("recovers", perform_when_free(stage, operation), Kind.OK)


CASE = Case(
    id="G04",
    name="transport/cut-body",
    level=Level.MUST,
    severity=1,
    requirement="an incomplete answer is a broken connection, and the operation ends all the same",
    source="RFC 9112, section 8; psf/requests#4956; urllib3/urllib3#311",
    injects="a body shorter than its length, chunks without the last, an RST in the body",
    observes="reported kind, stored token; no report by the deadline is a hang",
    checks={
        "not-taken": "an incomplete answer is not taken for a complete one",
        "kind": "it is reported as transport_error or retry_later",
        "tokens-kept": "the stored tokens stay as they are",
        "recovers": "the next operation after the fault succeeds",
    },
    needs=("seed",),
    variants=tuple(
        Variant(name=f"{fault} {one}", play=partial(play, operation=one, fault=fault))
        for fault in ("short_body", "cut_chunked", "reset_in_body")
        for one in Operation
    ),
)
