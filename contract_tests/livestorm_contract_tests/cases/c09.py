"""C09: a JSON:API error from the token endpoint or a gateway before it is never a token."""

import json
from collections.abc import Sequence
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..steps.exchanges import CODE_ONCE, check_code_once
from ..steps.stored import (
    STORE_UNCHANGED,
    Stored,
    check_unchanged,
    connected_before,
    stored_now,
)
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

JSONAPI = "application/vnd.api+json"


def connect(stage: Stage, *, fault: Fault, kinds: Sequence[Kind]) -> None:
    """Connect again while the code is refused."""
    before = connected_before(stage)
    stage.fake.arm_keys({"on": "token.authorization_code", **fault})
    judge(stage, stage.client.connect(), before, kinds)


def refresh(stage: Stage, *, fault: Fault, kinds: Sequence[Kind]) -> None:
    """Refresh while that is refused."""
    stage.client.seed(expired=True)
    before = stored_now(stage)
    stage.fake.arm_keys({"on": "token.refresh_token", **fault})
    judge(stage, use(stage), before, kinds)


def judge(stage: Stage, outcome: Outcome, before: Stored | None, kinds: Sequence[Kind]) -> None:
    """Judge what became of the refusal."""
    stage.check_kind("kind", outcome, *kinds)
    check_unchanged(stage, before, outcome)
    check_code_once(stage, outcome)


def by_endpoint(status: int) -> Fault:
    """Refuse as the token endpoint does."""
    return {"fault": "api_error", "status": status}


def by_gateway(status: int) -> Fault:
    """Refuse as a gateway does, with its own media type."""
    error = {"title": "Refused", "detail": "Not now.", "code": str(status)}
    body = json.dumps({"errors": [error]})
    return {"fault": "answer", "status": status, "content_type": JSONAPI, "body": body}


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
            name=f"{grant}{status}{sender}",
            play=partial(play, fault=refuse(status), kinds=kinds),
        )
        for grant, play in (("", connect), ("refresh-", refresh))
        for status, kinds in ALLOWED.items()
        for sender, refuse in (("", by_endpoint), ("-gateway", by_gateway))
    ),
)
