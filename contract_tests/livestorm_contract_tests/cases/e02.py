"""E02: the API refuses a token that is still fresh for the client."""

from ..driving.kinds import Kind
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_CALLS = 2


def expire(stage: Stage) -> None:
    """End the access token."""
    stage.fake.expire_token(stage.client.seed()["access_token"])
    judge(stage, Kind.OK, most_refreshes=1)


def revoke(stage: Stage) -> None:
    """End the grant."""
    stage.fake.revoke_token(stage.client.seed()["access_token"])
    # A dead grant may be tried once more after the store was read again (D05).
    judge(stage, Kind.REAUTH_REQUIRED, most_refreshes=2)


def expire_for_good(stage: Stage) -> None:
    """End an access token beside which there is no refresh token."""
    stage.fake.expire_token(stage.client.seed(refreshable=False)["access_token"])
    judge(stage, Kind.REAUTH_REQUIRED, most_refreshes=0)


def judge(stage: Stage, kind: Kind, *, most_refreshes: int) -> None:
    """Call with a token that the server has ended."""
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, kind)
    stage.check("one-refresh", len(outcome.token_requests) <= most_refreshes, outcome)
    stage.check("one-retry", len(outcome.api_requests) <= MOST_CALLS, outcome)


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
    variants=(
        Variant(name="expired", play=expire),
        Variant(name="revoked", play=revoke),
        Variant(name="not-refreshable", play=expire_for_good),
    ),
)
