"""C14: a byte order mark or a byte that is not UTF-8 does not hide what the server says."""

import json
from base64 import b64encode

from ..driving.kinds import Kind
from ..steps.exchanges import REFUSAL, check_told, drawn_members
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

ALLOWED = {
    "byte-order-mark": (Kind.OK, Kind.PROTOCOL_ERROR),
    "latin-1": (Kind.REAUTH_REQUIRED, *REFUSAL),
}
_REFUSAL = '{"error": "invalid_grant", "error_description": "révoqué"}'


def play(stage: Stage) -> None:
    """Connect twice while the answer has odd bytes."""
    is_refusal = stage.variant == "latin-1"
    token = json.dumps(drawn_members(stage))
    body = _REFUSAL.encode("latin-1") if is_refusal else token.encode("utf-8-sig")
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        status=400 if is_refusal else 200,
        content_type="application/json",
        body_base64=b64encode(body).decode(),
    )
    outcomes = [stage.client.connect(), stage.client.connect()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, *ALLOWED[stage.variant])
        if is_refusal:
            check_told(stage, "code-told", outcome, "invalid_grant")
    stage.check("consistent", outcomes[0].kind is outcomes[1].kind, *outcomes)


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
    variants=tuple(Variant(name=name) for name in ALLOWED),
    play=play,
)
