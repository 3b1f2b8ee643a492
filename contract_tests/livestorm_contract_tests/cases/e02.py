"""E02: the API refuses a token that is still fresh for the client."""

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_CALLS = 2


def play(stage: Stage) -> None:
    """Call with a token that the server has ended."""
    kind, most_refreshes = EXPECTED[stage.variant]
    pair = stage.client.seed(refreshable=stage.variant != "not-refreshable")
    if stage.variant == "revoked":
        stage.fake.revoke_token(pair["access_token"])
    else:
        stage.fake.expire_token(pair["access_token"])
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, kind)
    stage.check("one-refresh", len(outcome.token_requests) <= most_refreshes, outcome)
    stage.check("one-retry", len(outcome.api_requests) <= MOST_CALLS, outcome)


EXPECTED = {
    "expired": (Kind.OK, 1),
    # A dead grant may be tried once more after the store was read again (D05).
    "revoked": (Kind.REAUTH_REQUIRED, 2),
    "not-refreshable": (Kind.REAUTH_REQUIRED, 0),
}

CASE = Case(
    id="E02",
    name="call/401-while-fresh",
    level=Level.SHOULD,
    severity=2,
    requirement="a 401 leads to one refresh and one retry, then it is reported",
    source="RFC 6750, section 3.1",
    injects="401 `invalid_token` for a token that the client takes for fresh",
    observes="journal, reported kind",
    checks={
        "kind": "the call succeeds, or a human is asked where no refresh helps",
        "one-refresh": "there is one refresh; none without a refresh token",
        "one-retry": "the call is repeated once at most",
    },
    needs=("seed", "call", "on_401"),
    variants=tuple(Variant(name=name) for name in EXPECTED),
    play=play,
)
