"""H02: errors tell no secret."""

from functools import partial

from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..steps.life import FAILURES, live_through
from ..steps.secrets import leaked
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, fault: Fault) -> None:
    """Connect, refresh and call with and without failures, and read what the errors say."""
    outcomes = live_through(stage, fault)
    shown = leaked(stage, "\n".join(map(_told, outcomes)).encode("utf-8", "surrogatepass"))
    stage.check("nothing-told", not shown, *outcomes, told=f"told: {', '.join(shown)}")


def _told(outcome: Outcome) -> str:
    return repr((outcome.reply.error, outcome.reply.reason, outcome.reply.results))


CASE = Case(
    id="H02",
    name="secrets/errors",
    level=Level.ROBUST,
    severity=1,
    requirement="no error shows a secret in its text, its representation or its trace",
    source="RFC 6749, section 10.3; INV-6",
    injects="success and failures at the code exchange, the refresh and the call",
    observes="reported errors",
    checks={"nothing-told": "no secret, code, verifier or token stands in an error"},
    needs=("begin", "callback", "seed"),
    variants=tuple(
        Variant(name=name, play=partial(play, fault=fault)) for name, fault in FAILURES.items()
    ),
)
