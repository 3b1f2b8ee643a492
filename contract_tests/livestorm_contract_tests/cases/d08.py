"""D08: the token endpoint is down for a while."""

from ..driving.kinds import Kind
from ..steps.stored import check_holds
from ..steps.using import arm_variant, check_recovers, newest_refresh_token, use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

HANG_MS = 75_000
"""A client may wait a minute for an answer."""


def play(stage: Stage) -> None:
    """Refresh during the outage, and afterwards."""
    seeded = stage.client.seed(expired=True)["refresh_token"]
    arm_variant(stage, "token.refresh_token")
    outcome = use(stage, deadline_ms=HANG_MS)
    stage.check_kind("kind", outcome, *ALLOWED.get(stage.variant, (Kind.RETRY_LATER,)))
    check_holds(stage, "tokens-kept", newest_refresh_token(stage, seeded), outcome)
    check_recovers(stage, "recovers", outcome)


def oauth(code: str) -> dict[str, object]:
    """Give the fault that sends an OAuth error."""
    return {"fault": "oauth_error", "error": code}


ALLOWED = {
    "reset": (Kind.TRANSPORT_ERROR, Kind.RETRY_LATER),
    "close": (Kind.TRANSPORT_ERROR, Kind.RETRY_LATER),
    # Only the first request hangs.
    "timeout": (Kind.TRANSPORT_ERROR, Kind.RETRY_LATER, Kind.OK),
}

CASE = Case(
    id="D08",
    name="refresh/outage",
    level=Level.ROBUST,
    severity=1,
    requirement="an outage of the token endpoint never logs the user out",
    source="INV-9; Shopify/hydrogen#3892, metadist/synaplan#1355",
    injects="5xx, an HTML page, a reset, a closed connection and a hanging one, at a refresh",
    observes="reported kind, stored token",
    checks={
        "kind": "an outage is reported as one that passes",
        "tokens-kept": "the stored tokens are kept, and not flagged as dead",
        "recovers": "when the outage is over, the client goes on without a human",
    },
    needs=("seed", "refresh=auto|explicit"),
    variants=(
        Variant(name="500-html", given={"fault": "html_page", "status": 500}),
        Variant(name="502-html", given={"fault": "html_page", "status": 502}),
        Variant(name="503-empty", given={"fault": "answer", "status": 503}),
        Variant(name="504-html", given={"fault": "html_page", "status": 504}),
        Variant(name="500-oauth", given=oauth("server_error")),
        Variant(name="503-oauth", given=oauth("temporarily_unavailable")),
        Variant(name="reset", given={"fault": "reset"}),
        Variant(name="close", given={"fault": "close"}),
        Variant(name="timeout", given={"fault": "hang", "times": 1}),
    ),
    play=play,
)
