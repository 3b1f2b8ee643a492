"""H01: secrets are never printed or logged."""

from functools import partial

from ..fake.control import Fault
from ..steps.life import FAILURES, live_through
from ..steps.process import process_id
from ..steps.secrets import leaked
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, fault: Fault) -> None:
    """Connect, refresh and call with and without failures, and read what was printed."""
    if not stage.client.ready.features.logs:
        process_id(stage)
    outcomes = live_through(stage, fault)
    events = repr(stage.client.events).encode("utf-8", "surrogatepass")
    shown = leaked(stage, stage.client.printed() + events)
    stage.check("nothing-printed", not shown, *outcomes, told=f"printed: {', '.join(shown)}")
    if stage.verdicts.is_strict and stage.client.ready.features.log_level:
        judge_debugging(stage, fault)


def judge_debugging(stage: Stage, fault: Fault) -> None:
    """Have the client log all that it can, and do the same once more."""
    before = len(stage.client.printed())
    stage.client.configure(log_level="debug")
    outcomes = live_through(stage, fault)
    shown = leaked(stage, stage.client.printed()[before:])
    stage.check("nothing-logged", not shown, *outcomes, told=f"logged: {', '.join(shown)}")


CASE = Case(
    id="H01",
    name="secrets/printed",
    level=Level.MUST,
    severity=1,
    requirement="what a client prints or logs at its default level shows no secret",
    source="RFC 6749, sections 10.3 and 10.4; INV-6",
    injects="success and failures at the code exchange, the refresh and the call",
    observes="standard error, events",
    checks={
        "nothing-printed": "no secret, code, verifier or token is printed by default",
        "nothing-logged": "nor at the level DEBUG; judged under `--strict` only",
    },
    levels={"nothing-logged": Level.ROBUST},
    needs=("begin", "callback", "seed"),
    variants=tuple(
        Variant(name=name, play=partial(play, fault=fault)) for name, fault in FAILURES.items()
    ),
)
