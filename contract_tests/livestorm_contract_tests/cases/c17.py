"""C17: `token_type` is read in any case, and a token of an unknown type is not used."""

from ..driving.kinds import Kind
from ..steps.exchanges import newest_grant
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Connect with a type, then call."""
    stage.fake.arm("token.authorization_code", "token_fields", **stage.given)
    outcome = stage.client.connect()
    if stage.variant in ("missing", "unknown"):
        stage.check_kind(stage.variant, outcome, Kind.PROTOCOL_ERROR)
    else:
        stage.check_kind("any-case", outcome, Kind.OK)
    if stage.client.can("call"):
        judge_use(stage, str(newest_grant(outcome.exchanges).get("access_token")))


def judge_use(stage: Stage, access_token: str) -> None:
    """Call, and look at what is sent."""
    called = stage.client.call()
    if stage.variant == "unknown":
        used = any(
            access_token in one.request_headers.get("authorization", "")
            for one in called.api_requests
        )
        stage.check("unknown-not-used", not used, called)
    elif stage.variant != "missing":
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
