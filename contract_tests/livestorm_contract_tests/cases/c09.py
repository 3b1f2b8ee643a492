"""C09: a JSON:API error from the token endpoint or a gateway before it is never a token."""

import json

from ..driving.kinds import Kind
from ..steps.exchanges import CODE_ONCE, check_code_once
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSONAPI = "application/vnd.api+json"


def play(stage: Stage) -> None:
    """Connect again, or refresh, while the gateway refuses."""
    is_refresh = stage.variant.startswith("refresh")
    if is_refresh:
        stage.client.seed(expired=True)
    before = stage.client.stored() if is_refresh else connected_before(stage)
    status = int(str(stage.given["status"]))
    refuse(stage, "token.refresh_token" if is_refresh else "token.authorization_code", status)
    outcome = use(stage) if is_refresh else stage.client.connect()
    stage.check_kind("kind", outcome, *ALLOWED[status])
    check_unchanged(stage, before, outcome)
    check_code_once(stage, outcome)


def refuse(stage: Stage, on: str, status: int) -> None:
    """Have the token endpoint, or a gateway with its own media type, refuse."""
    if stage.given["gateway"]:
        error = {"title": "Refused", "detail": "Not now.", "code": str(status)}
        body = json.dumps({"errors": [error]})
        stage.fake.arm(on, "answer", status=status, content_type=JSONAPI, body=body)
    else:
        stage.fake.arm(on, "api_error", status=status)


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
        "store-unchanged": STORE_UNCHANGED,
        "code-once": CODE_ONCE,
    },
    needs=("begin", "callback"),
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
