"""C17: `token_type` is read in any case, and a token of an unknown type is not used."""

from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import newest_grant
from ..steps.secrets import NOT_SHOWN, check_not_shown
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def spell_otherwise(stage: Stage, *, token_type: str) -> None:
    """Connect with the type in another case, then call."""
    outcome = connect(stage, set={"token_type": token_type})
    stage.check_kind("any-case", outcome, Kind.OK)
    if stage.client.can("call"):
        called = stage.client.call()
        schemed = all(one.startswith("Bearer ") for one in authorizations(called))
        stage.check("scheme", schemed, called)


def leave_out(stage: Stage) -> None:
    """Connect without a type."""
    outcome = connect(stage, drop=["token_type"])
    stage.check_kind("missing", outcome, Kind.PROTOCOL_ERROR)
    check_not_shown(stage, outcome)


def name_unknown(stage: Stage) -> None:
    """Connect with a type that nobody knows, then call."""
    outcome = connect(stage, set={"token_type": "mac"})
    stage.check_kind("unknown", outcome, Kind.PROTOCOL_ERROR)
    check_not_shown(stage, outcome)
    if stage.client.can("call"):
        access_token = str(newest_grant(outcome.exchanges).get("access_token"))
        called = stage.client.call()
        used = any(access_token in one for one in authorizations(called))
        stage.check("unknown-not-used", not used, called)


def connect(stage: Stage, **change: object) -> Outcome:
    """Connect while the token answer is changed."""
    stage.fake.arm("token.authorization_code", "token_fields", **change)
    return stage.client.connect()


def authorizations(outcome: Outcome) -> list[str]:
    """Give what is sent to the API to authorize requests."""
    return [one.request_headers.get("authorization", "") for one in outcome.api_requests]


CASE = Case(
    id="C17",
    name="exchange/token-type",
    level=Level.MUST,
    severity=3,
    requirement="token_type is case-insensitive, and an unknown type is not used",
    source="RFC 6749, sections 5.1, 7.1 and 10.3; panva/openid-client#248",
    injects="token_type bearer, BEARER, mac, or none",
    observes="reported kind and error, journal, standard error",
    checks={
        "any-case": "bearer is accepted in any case",
        "scheme": 'the API gets the scheme as "Bearer"',
        "missing": "an answer without token_type is refused, though many libraries accept it",
        "unknown": "a token of an unknown type is refused",
        "unknown-not-used": "a token of an unknown type is not sent to the API",
        "not-shown": NOT_SHOWN,
    },
    needs=("begin", "callback"),
    variants=(
        Variant(name="lower", play=partial(spell_otherwise, token_type="bearer")),
        Variant(name="upper", play=partial(spell_otherwise, token_type="BEARER")),
        Variant(name="missing", play=leave_out),
        Variant(name="unknown", play=name_unknown),
    ),
)
