"""B07: an error with a foreign state says nothing about the flow, and none of it is shown."""

from functools import partial

from ..steps import callbacks, stored
from ..steps.callbacks import altered, check_untouched, failed, texts_of
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def play(stage: Stage, *, error: str, has_state: bool) -> None:
    """Deliver an attacker's error, which wants to be read by the user."""
    before = connected_before(stage)
    marker = token(stage.random)
    url = failed(stage, error, f"Call this number: {marker}")
    state = token(stage.random) if has_state else None
    outcome = stage.client.callback(altered(url, state=state))
    stage.check_kind("kind", outcome, *callbacks.REFUSALS)
    shown = any(marker in text for text in texts_of(outcome))
    stage.check("not-shown", not shown, outcome)
    check_untouched(stage, outcome, before)


CASE = Case(
    id="B07",
    name="callback/error-with-wrong-state",
    level=Level.MUST,
    severity=2,
    requirement="an error without the flow's state is refused, and its description not shown",
    source="RFC 6749, section 10.12",
    injects="errors with a wrong state or none, and a description by an attacker",
    observes="reported kind, error text, journal, stored token",
    checks={
        "kind": callbacks.REFUSED,
        "not-shown": "the description is not in the text of the error",
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=f"{error}-{state}", play=partial(play, error=error, has_state=has_state))
        for error in ("access_denied", "server_error")
        for state, has_state in (("wrong-state", True), ("no-state", False))
    ),
)
