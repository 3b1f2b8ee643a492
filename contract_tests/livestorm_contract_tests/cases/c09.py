"""C09: a JSON:API error from the token endpoint or a gateway before it is never a token."""

import json

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.outcome import Outcome
from ..suite.stage import Stage

JSONAPI = "application/vnd.api+json"


def play(stage: Stage) -> None:
    """Connect again, or refresh, while the gateway refuses."""
    stage.seed()
    before = stage.stored()
    status = int(str(stage.variant.given["status"]))
    outcome = refused(stage, status)
    stage.check_kind("kind", outcome, *ALLOWED[status])
    stage.check("store-unchanged", stage.stored() == before, outcome)
    codes = [one.code for one in outcome.token_requests if one.code]
    stage.check("code-once", len(codes) <= 1, outcome)


def refused(stage: Stage, status: int) -> Outcome:
    """Have the token endpoint, or a gateway with its own media type, refuse."""
    on, operation = (
        ("token.refresh_token", stage.refresh)
        if stage.variant.name.startswith("refresh")
        else ("token.authorization_code", stage.connect)
    )
    if stage.variant.given.get("gateway"):
        error = {"title": "Refused", "detail": "Not now.", "code": str(status)}
        body = json.dumps({"errors": [error]})
        stage.arm(on, "answer", status=status, content_type=JSONAPI, body=body)
    else:
        stage.arm(on, "api_error", status=status)
    return operation()


ALLOWED = {
    400: (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR),
    403: (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR),
    429: (Kind.RETRY_LATER,),
}

CASE = Case(
    id="C09",
    name="exchange/jsonapi-error",
    level=Level.MUST,
    severity=1,
    requirement="a JSON:API error is a failure: it is never a token, and the store stays as it is",
    source="RFC 6749, section 5.1; INV-1",
    injects='a 4xx with {"errors": [...]} at the code exchange or the refresh, also by a gateway',
    observes="reported kind, stored token, journal",
    checks={
        "kind": "a JSON:API error of the token endpoint is reported as the failure that it is",
        "store-unchanged": "tokens that were stored stay byte for byte what they were",
        "code-once": "the code is sent once",
    },
    needs=("begin", "callback", "seed", "state"),
    variants=tuple(
        Variant(
            name=f"{grant}{status}{'-gateway' if gateway else ''}",
            given={"status": status, "gateway": gateway},
        )
        for grant in ("", "refresh-")
        for status in (400, 403, 429)
        for gateway in (False, True)
    ),
    play=play,
)
