"""D13: the API refuses the refreshed token, too."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.stored import check_holds
from ..steps.using import newest_refresh_token
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_REQUESTS = 4
"""Of one call (INV-4)."""
CALLS = 2


def play(stage: Stage, *, is_fresh: bool) -> None:
    """Call twice while the API refuses every token."""
    features = stage.client.ready.features
    seeded = stage.client.seed(expired=not is_fresh)["refresh_token"]
    stage.fake.arm("api", "expired_token")
    for _ in range(CALLS):
        if features.refresh == "explicit" and not features.on_401:
            stage.client.refresh()
        outcome = stage.client.call()
        # A token that was refreshed ahead may be refused, and refreshed for that once more.
        most = 1 if is_fresh else 2
        stage.check_kind("kind", outcome, Kind.REAUTH_REQUIRED)
        stage.check("one-refresh", len(outcome.token_requests) <= most, outcome)
        stage.check("bounded", len(outcome.exchanges) <= MOST_REQUESTS, outcome)
        check_holds(stage, "tokens-kept", newest_refresh_token(stage, seeded), outcome)


CASE = Case(
    id="D13",
    name="refresh/refreshed-token-refused",
    level=Level.ROBUST,
    severity=1,
    requirement="where the API refuses the refreshed token, too, the client stops and says so",
    source="vaadin/vaadin-connect#335, bucketeer-io/bucketeer#2455",
    injects="401 for every access token",
    observes="journal, reported kind, stored token",
    checks={
        "kind": "it is reported as the need to connect again",
        "one-refresh": "a 401 leads to one refresh in one operation",
        "bounded": "a call sends four requests at most",
        "tokens-kept": "the newest tokens are kept: the token endpoint refused nothing",
    },
    needs=("seed", "call", "refresh=auto|explicit"),
    variants=(
        Variant(name="fresh", play=partial(play, is_fresh=True)),
        Variant(name="expired", play=partial(play, is_fresh=False)),
    ),
)
