"""I03: those who waited for a refresh go on with its token."""

from functools import partial

from ..fake.journal import refreshes
from ..steps.using import use_at_once
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, calls: int) -> None:
    """Call so many times at once with an expired token, while the refresh takes its time."""
    issued = stage.client.seed(expired=True)
    outcome = use_at_once(stage, calls)
    sent = refreshes(outcome.exchanges)
    again = [one for one in sent[1:] if one.refresh_token == issued["refresh_token"]]
    stage.check("old-refresh-token", not again, outcome, told=f"sent {len(again)} times more")
    used = [one.bearer_token for one in outcome.api_requests].count(issued["access_token"])
    # A client that goes by 401s sends it once in each call, before it knows.
    goes_by_401 = not outcome.exchanges[0].at_token_endpoint if outcome.exchanges else False
    most = calls if goes_by_401 else 0
    stage.check("old-access-token", used <= most, outcome, told=f"sent {used} times")


CASE = Case(
    id="I03",
    name="concurrency/waiters",
    level=Level.ROBUST,
    severity=1,
    requirement="who waited for a refresh looks at the token that it brought",
    source="NangoHQ/nango#2494; INV-3",
    injects="an expired token, parallel calls, a slow refresh, and a family that dies by reuse",
    observes="journal",
    checks={
        "old-refresh-token": "the refresh token from before the wait is not sent again",
        "old-access-token": "the access token from before the wait is not used after it",
    },
    needs=("seed", "call", "refresh=auto", "parallel_calls>=5"),
    provider={"rotation": "family"},
    variants=tuple(Variant(name=str(n), play=partial(play, calls=n)) for n in (5, 50)),
)
