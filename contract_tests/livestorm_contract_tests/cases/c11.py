"""C11: a 2xx without an access token is no token."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.stored import STORE_UNCHANGED, check_unchanged, connected_before
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

_REST = '"token_type": "Bearer", "expires_in": 7200, "refresh_token": "another-refresh-token"}'

BODIES = {
    "missing": "{" + _REST,
    "empty": '{"access_token": "", ' + _REST,
    "null-token": '{"access_token": null, ' + _REST,
    "number": '{"access_token": 42, ' + _REST,
    "object": '{"access_token": {"value": "text"}, ' + _REST,
    "array": '[{"access_token": "text", ' + _REST + "]",
    "null": "null",
    "no-body": "",
}


def play(stage: Stage, *, body: str | None = None, status: int | None = None) -> None:
    """Connect while the exchange brings no token."""
    before = connected_before(stage)
    stage.fake.arm(
        "token.authorization_code",
        "answer",
        content_type="application/json",
        body=body,
        status=status,
    )
    outcome = stage.client.connect()
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="C11",
    name="exchange/no-token",
    level=Level.MUST,
    severity=1,
    requirement="an answer without an access token that is a text is a failure",
    source="RFC 6749, section 5.1; omnibear/omnibear#8",
    injects="2xx without an access token, with an odd one, with another document, or empty",
    observes="reported kind, stored token",
    checks={
        "kind": "an answer without an access token is reported as one that can't be read",
        "store-unchanged": STORE_UNCHANGED,
    },
    needs=("begin", "callback"),
    variants=(
        *(Variant(name=name, play=partial(play, body=body)) for name, body in BODIES.items()),
        Variant(name="204", play=partial(play, status=204)),
    ),
)
