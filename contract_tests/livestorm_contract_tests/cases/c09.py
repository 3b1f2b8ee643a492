"""C09: a JSON:API error from the token endpoint or a gateway before it is never a token."""

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Connect, then connect again while the gateway refuses."""
    stage.seed()
    before = stage.stored()
    stage.arm("token.authorization_code", "api_error", **stage.variant.given)
    outcome = stage.connect()
    stage.check_kind("kind", outcome, *ALLOWED[stage.variant.name])
    stage.check("store-unchanged", stage.stored() == before, outcome)
    stage.check("code-once", len(outcome.token_requests) <= 1, outcome)


ALLOWED = {
    "400": (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR),
    "403": (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR),
    "429": (Kind.RETRY_LATER,),
}

CASE = Case(
    id="C09",
    name="exchange/jsonapi-error",
    level=Level.MUST,
    severity=1,
    requirement="a JSON:API error is a failure: it is never a token, and the store stays as it is",
    source="RFC 6749, section 5.1; INV-1",
    injects='a 4xx with {"errors": [...]} from the token endpoint at the code exchange',
    observes="reported kind, stored token, journal",
    checks={
        "kind": "a JSON:API error of the token endpoint is reported as the failure that it is",
        "store-unchanged": "tokens that were stored stay byte for byte what they were",
        "code-once": "the code is sent once",
    },
    needs=("begin", "callback", "seed", "state"),
    variants=tuple(Variant(name=str(s), given={"status": s}) for s in (400, 403, 429)),
    play=play,
)
