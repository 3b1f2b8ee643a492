"""I04: a refresh that fails releases those who wait for it."""

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage

ALLOWED = (Kind.OK, Kind.RETRY_LATER, Kind.TRANSPORT_ERROR)


def play(stage: Stage) -> None:
    """Let the refresh that parallel calls wait for fail, and call again."""
    stage.seed(expired=True)
    stage.sandbox.arm({"on": "token.refresh_token", **stage.variant.given})
    outcome = stage.call(parallel=5, deadline_ms=60_000)
    kinds = [one.kind for one in outcome.reply.results]
    answered = len(kinds) == 5 and all(kind in ALLOWED for kind in kinds)
    stage.check("all-answered", answered, outcome, told=f"reported {', '.join(kinds)}")
    stage.disarm()
    stage.check_kind("tries-again", stage.call(), Kind.OK)


CASE = Case(
    id="I04",
    name="concurrency/failed-refresh",
    level=Level.ROBUST,
    severity=2,
    requirement="a refresh that fails answers all who wait, and the next call tries again",
    source="INV-9; openid/AppAuth-Android#695",
    injects="a refresh that fails, is reset or hangs for a time, while calls wait",
    observes="reported kinds, journal",
    checks={
        "all-answered": "every waiting call is told of the failure, or succeeds",
        "tries-again": "the next call refreshes again",
    },
    needs=("seed", "call", "refresh=auto", "parallel_calls>=5"),
    variants=(
        Variant(name="fails", given={"fault": "html_page", "status": 502}),
        Variant(name="reset", given={"fault": "reset"}),
        Variant(name="hangs", given={"fault": "hang", "seconds": 1, "times": 1}),
    ),
    play=play,
)
