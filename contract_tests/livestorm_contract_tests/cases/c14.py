"""C14: a byte order mark or a byte that is not UTF-8 does not hide what the server says."""

import json
from base64 import b64encode

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.exchanges import REFUSAL, check_told, drawn_members
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

_REFUSAL = '{"error": "invalid_grant", "error_description": "révoqué"}'


def mark_token(stage: Stage) -> None:
    """Begin a token with a byte order mark."""
    token = json.dumps(drawn_members(stage)).encode("utf-8-sig")
    connect_twice(stage, 200, token, Kind.OK, Kind.PROTOCOL_ERROR)


def refuse_in_latin_1(stage: Stage) -> None:
    """Describe an error in bytes that are no UTF-8."""
    refusal = _REFUSAL.encode("latin-1")
    for outcome in connect_twice(stage, 400, refusal, Kind.REAUTH_REQUIRED, *REFUSAL):
        check_told(stage, "code-told", outcome, "invalid_grant")


def connect_twice(stage: Stage, status: int, body: bytes, *kinds: Kind) -> list[Outcome]:
    """Connect twice while the answer has odd bytes."""
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        status=status,
        content_type="application/json",
        body_base64=b64encode(body).decode(),
    )
    outcomes = [stage.client.connect(), stage.client.connect()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, *kinds)
    stage.check("consistent", outcomes[0].kind is outcomes[1].kind, *outcomes)
    return outcomes


CASE = Case(
    id="C14",
    name="exchange/odd-bytes",
    level=Level.ROBUST,
    severity=3,
    requirement="odd bytes are read or refused cleanly, and never hide an error code",
    source="RFC 8259, section 8.1; woocommerce/wc-api-python#40; DollhouseMCP/mcp-server#2520",
    injects="a byte order mark before a token; Latin-1 in the error_description",
    observes="reported kind and error",
    checks={
        "kind": "odd bytes are read, or reported as an answer that can't be read",
        "code-told": "the error code is reported though its description has an odd byte",
        "consistent": "the same answer gets the same verdict again",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="byte-order-mark", play=mark_token),
        Variant(name="latin-1", play=refuse_in_latin_1),
    ),
)
