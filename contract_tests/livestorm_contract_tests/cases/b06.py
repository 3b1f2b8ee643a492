"""B06: a provider that is in trouble is no user who refuses."""

from ..adapter import Kind
from ..suite.callbacks import NO_TOKEN_REQUEST, failed
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """End a flow with an error that passes, and then go through another."""
    outcome = stage.callback(failed(stage, stage.variant.name))
    stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    stage.check("no-token-request", not outcome.token_requests, outcome)
    stage.check_kind("recovers", stage.connect(), Kind.OK)


CASE = Case(
    id="B06",
    name="callback/provider-in-trouble",
    level=Level.ROBUST,
    severity=3,
    requirement="an error of the provider's own is reported as one that passes",
    source="RFC 6749, section 4.1.2.1",
    injects="error=server_error and error=temporarily_unavailable with the flow's state",
    observes="reported kind, journal",
    checks={
        "kind": "the error is reported as one to try again after, not as a refusal",
        "no-token-request": NO_TOKEN_REQUEST,
        "recovers": "the next flow connects",
    },
    needs=("begin", "callback"),
    variants=tuple(Variant(name=name) for name in ("server_error", "temporarily_unavailable")),
    play=play,
)
