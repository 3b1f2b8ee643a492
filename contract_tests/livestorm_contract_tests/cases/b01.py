"""B01: a callback whose state is not that of the flow is refused, however good its code is."""

from collections.abc import Callable, Mapping
from functools import partial

from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched, read_parameter
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def play(stage: Stage, *, another: Callable[[str, str], str | None]) -> None:
    """Deliver a valid code beside another state than the client's."""
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    state = another(read_parameter(url, "state") or "", token(stage.random))
    outcome = stage.client.callback(altered(url, state=state))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    check_untouched(stage, outcome, before)


STATES: Mapping[str, Callable[[str, str], str | None]] = {
    "wrong": lambda state, drawn: drawn,
    "missing": lambda state, drawn: None,
    "empty": lambda state, drawn: "",
    "cut": lambda state, drawn: state[:-1],
    "lengthened": lambda state, drawn: f"{state}A",
    "not-ascii": lambda state, drawn: f"{state[:-1]}é",
    "nul": lambda state, drawn: f"{state}\0",
}
"""What is sent instead of the client's state, which may be one that was drawn."""


CASE = Case(
    id="B01",
    name="callback/wrong-state",
    level=Level.MUST,
    severity=1,
    requirement="a callback without the flow's state is refused before any token request",
    source="RFC 6749, section 10.12; RFC 9700, section 4.7",
    injects="a valid code with a state that is wrong, missing, empty, cut, lengthened or not ASCII",
    observes="reported kind, journal, stored token",
    checks={
        "kind": callbacks.REFUSED,
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=name, play=partial(play, another=another)) for name, another in STATES.items()
    ),
)
