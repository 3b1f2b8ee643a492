"""C17: `token_type` is read in any case, and a token of an unknown type is not used."""

from ..driving.kinds import Kind
from ..steps.exchanges import members_of
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Connect with a type, then call."""
    stage.arm("token.authorization_code", "token_fields", **stage.variant.given)
    outcome = stage.connect()
    if stage.variant.name in ("missing", "unknown"):
        stage.check_kind(stage.variant.name, outcome, Kind.PROTOCOL_ERROR)
    else:
        stage.check_kind("any-case", outcome, Kind.OK)
    if stage.client.can("call"):
        judge_use(stage, str(members_of(outcome).get("access_token")))


def judge_use(stage: Stage, access_token: str) -> None:
    """Call, and look at what is sent."""
    called = stage.call()
    if stage.variant.name == "unknown":
        used = any(
            access_token in one.request_headers.get("authorization", "")
            for one in called.api_requests
        )
        stage.check("unknown-not-used", not used, called)
    elif stage.variant.name != "missing":
        sent = [one.request_headers.get("authorization", "") for one in called.api_requests]
        stage.check("scheme", all(one.startswith("Bearer ") for one in sent), called)


CASE = Case(
    id="C17",
    name="exchange/token-type",
    level=Level.MUST,
    severity=3,
    requirement="token_type is case-insensitive, and an unknown type is not used",
    source="RFC 6749, sections 5.1 and 7.1; panva/openid-client#248",
    injects="token_type bearer, BEARER, mac, or none",
    observes="reported kind, journal",
    checks={
        "any-case": "bearer is accepted in any case",
        "scheme": 'the API gets the scheme as "Bearer"',
        "missing": "an answer without token_type is refused, though many libraries accept it",
        "unknown": "a token of an unknown type is refused",
        "unknown-not-used": "a token of an unknown type is not sent to the API",
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="lower", given={"set": {"token_type": "bearer"}}),
        Variant(name="upper", given={"set": {"token_type": "BEARER"}}),
        Variant(name="missing", given={"drop": ["token_type"]}),
        Variant(name="unknown", given={"set": {"token_type": "mac"}}),
    ),
    play=play,
)
