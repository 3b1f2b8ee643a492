"""B06: an error of the provider is no refusal by the user, whether it passes or not."""

from functools import partial

from ..driving.kinds import Kind
from ..steps import callbacks, stored
from ..steps.callbacks import check_untouched, failed
from ..steps.stored import connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

PASSING = ("server_error", "temporarily_unavailable")
OTHERS = ("invalid_request", "invalid_scope", "account_suspended")
"""Two of RFC 6749, and one that no client can know."""


def play(stage: Stage, *, error: str) -> None:
    """End a flow with an error, and then go through another."""
    before = connected_before(stage)
    outcome = stage.client.callback(failed(stage, error))
    if error in PASSING:
        stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    else:
        stage.check_kind("other-kind", outcome, Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)
    check_untouched(stage, outcome, before)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


CASE = Case(
    id="B06",
    name="callback/provider-in-trouble",
    level=Level.ROBUST,
    severity=3,
    requirement="an error is reported as one that passes or does not, not as the user's refusal",
    source="RFC 6749, section 4.1.2.1",
    injects="callbacks with server_error, temporarily_unavailable, other codes, and an unknown one",
    observes="reported kind, journal, stored token",
    checks={
        "kind": "the provider's trouble is reported as one to try again after, not as a refusal",
        "other-kind": "any other error is reported as one of configuration or protocol",
        "no-token-request": callbacks.NO_TOKEN_REQUEST,
        "store-unchanged": stored.STORE_UNCHANGED,
        "recovers": "the next flow connects",
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=error, play=partial(play, error=error)) for error in (*PASSING, *OTHERS)
    ),
)
