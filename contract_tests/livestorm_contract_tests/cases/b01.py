"""B01: a callback whose state is not that of the flow is refused, however good its code is."""

from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched, read_parameter
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Deliver a valid code beside another state than the client's."""
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    outcome = stage.client.callback(altered(url, state=another_state(stage, url)))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before)


def another_state(stage: Stage, url: str) -> str | None:
    """Give what is sent instead of the client's state."""
    state = read_parameter(url, "state") or ""
    return {
        "wrong": token(stage.random),
        "missing": None,
        "empty": "",
        "cut": state[:-1],
        "lengthened": f"{state}A",
    }[stage.variant]


CASE = Case(
    id="B01",
    name="callback/wrong-state",
    level=Level.MUST,
    severity=1,
    requirement="a callback without the flow's state is refused before any token request",
    source="RFC 6749, section 10.12; RFC 9700, section 4.7",
    injects="a valid code with a state that is wrong, missing, empty, cut or lengthened",
    observes="reported kind, journal, stored token",
    checks={
        "kind": callbacks.REFUSED,
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=name) for name in ("wrong", "missing", "empty", "cut", "lengthened")
    ),
    play=play,
)
