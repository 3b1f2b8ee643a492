"""E02: the API refuses a token that is still fresh for the client."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.posting import SAME_REQUEST, check_same_request, post
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_CALLS = 2


def expire(stage: Stage) -> None:
    """End the access token."""
    stage.fake.expire_token(stage.client.seed()["access_token"])
    judge(stage, stage.client.call(), *kinds_of(stage, Kind.OK), most_refreshes=1)
    if not stage.client.ready.features.on_401 and stage.client.can("refresh"):
        stage.check_kind("kind", stage.client.refresh(), Kind.OK)
        stage.check_kind("kind", stage.client.call(), Kind.OK)


def expire_before_post(stage: Stage) -> None:
    """End the access token that a POST is sent with; who does not repeat it has to say so."""
    stage.fake.expire_token(stage.client.seed()["access_token"])
    outcome = post(stage)
    kinds = kinds_of(stage, Kind.OK, Kind.RETRY_LATER)
    judge(stage, outcome, *kinds, most_refreshes=1)
    check_same_request(stage, outcome)


def revoke(stage: Stage) -> None:
    """End the grant."""
    stage.fake.revoke_token(stage.client.seed()["access_token"])
    # A dead grant may be tried once more after the store was read again (D05).
    judge(stage, stage.client.call(), Kind.REAUTH_REQUIRED, most_refreshes=2)


def expire_for_good(stage: Stage) -> None:
    """End an access token beside which there is no refresh token."""
    stage.fake.expire_token(stage.client.seed(refreshable=False)["access_token"])
    judge(stage, stage.client.call(), Kind.REAUTH_REQUIRED, most_refreshes=0)


def kinds_of(stage: Stage, *kinds: Kind) -> tuple[Kind, ...]:
    """Give the kinds of a call that a refresh helps, where the client refreshes for it."""
    return kinds if stage.client.ready.features.on_401 else (Kind.REAUTH_REQUIRED,)


def judge(stage: Stage, outcome: Outcome, *kinds: Kind, most_refreshes: int) -> None:
    """Judge a call with a token that the server has ended."""
    stage.check_kind("kind", outcome, *kinds)
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
        "kind": "the call succeeds, or is reported where no refresh helps or the client does none",
        "one-refresh": "there is one refresh; none without a refresh token",
        "one-retry": "the call is repeated once at most",
        "same-request": SAME_REQUEST,
    },
    levels={"same-request": Level.MUST},
    needs=("seed", "call"),
    scenario="events_writable",
    variants=(
        Variant(name="expired", play=expire),
        Variant(name="revoked", play=revoke),
        Variant(name="not-refreshable", play=expire_for_good),
        Variant(name="post", play=expire_before_post),
    ),
)
