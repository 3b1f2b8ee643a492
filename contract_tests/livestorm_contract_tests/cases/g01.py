"""G01: a refused or reset connection is reported quickly, and ends no session."""

from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..servers.front import open_front
from ..servers.ports import hold_port
from ..steps.operations import Operation, perform, perform_when_free
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

QUICKLY_SECONDS = 5.0


def refuse(stage: Stage, *, operation: Operation) -> None:
    """Have the server go away."""
    with open_front(stage.fake.port) as front:
        stage.client.move(f"http://{front.authority}")
        run = prepared(stage, operation)
    with hold_port(port=front.port):
        judge(stage, run)


def break_off(stage: Stage, *, operation: Operation, fault: str) -> None:
    """Break the connection before the answer."""
    run = prepared(stage, operation)
    stage.fake.arm(operation.endpoint, fault)
    judge(stage, run)
    stage.fake.disarm()
    stage.check_kind("recovers", perform_when_free(stage, operation), Kind.OK)


def prepared(stage: Stage, operation: Operation) -> Callable[[], Outcome]:
    """Have everything that comes before an operation; give the operation."""
    stage.client.seed()
    if operation is Operation.EXCHANGE:
        return partial(stage.client.callback, stage.client.obtain_callback())
    return partial(perform, stage, operation)


def judge(stage: Stage, run: Callable[[], Outcome]) -> None:
    """Judge one operation that gets no answer."""
    before = stored_now(stage)
    outcome = run()
    stage.check_kind("kind", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
    told = f"after {outcome.seconds:.1f} s"
    stage.check("quickly", outcome.seconds <= QUICKLY_SECONDS * stage.patience, outcome, told=told)
    check_unchanged(stage, before, outcome, check="tokens-kept")


CASE = Case(
    id="G01",
    name="transport/no-connection",
    level=Level.ROBUST,
    severity=3,
    requirement="a connection that is refused or reset is reported quickly, and the tokens stay",
    source="the catalogue's own",
    injects="a port on which nobody listens; RST or FIN before the status line",
    observes="reported kind, real time, stored token",
    checks={
        "kind": "it is reported as transport_error or retry_later",
        "quickly": "the report comes within five seconds, half a second of waiting included",
        "tokens-kept": "the stored tokens stay as they are",
        "recovers": "the next operation after the fault succeeds",
    },
    needs=("seed",),
    max_wait_ms=500,
    variants=(
        *(Variant(name=f"refused {one}", play=partial(refuse, operation=one)) for one in Operation),
        *(
            Variant(name=f"{fault} {one}", play=partial(break_off, operation=one, fault=fault))
            for fault in ("reset", "close")
            for one in Operation
        ),
    ),
)
