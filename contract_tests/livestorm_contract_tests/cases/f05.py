"""F05: a pause of weeks is reported at once, and not slept through."""

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.keeping import check_kept
from ..steps.pauses import tells_when, too_early
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage

TWENTY_DAYS = 1_728_000
MONTH = 30 * 86_400
SLACK = 60
"""Seconds that may have passed since the pause began."""
AT_ONCE_SECONDS = 3.0


def play(stage: Stage) -> None:
    """Be put off for weeks, twice: a client may or may not remember the first time."""
    stage.seed()
    stage.arm("token.refresh_token", "rate_limited", retry_after=TWENTY_DAYS)
    if form := stage.variant.given.get("form"):
        stage.arm("api", "rate_limited", retry_after=TWENTY_DAYS, retry_after_form=form)
    elif stage.variant.name == "month":
        use_month_up(stage)
    before = stage.stored_if_told()
    outcomes = [ask(stage), ask(stage)]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, Kind.RETRY_LATER)
        at_once = outcome.seconds <= AT_ONCE_SECONDS
        stage.check("at-once", at_once, outcome, told=f"after {outcome.seconds:.1f} s")
        fits = tells_when(outcome, float(str(stage.variant.given["seconds"])) - SLACK)
        stage.check("tells-when", fits, outcome, told=f"{outcome.reply.not_before_s} s")
        stage.check("not-before", is_asked_once(outcome), outcome)
    check_kept(stage, "tokens-kept", before, *outcomes)


def ask(stage: Stage) -> Outcome:
    """Do what is limited."""
    return stage.refresh() if stage.variant.name == "refresh" else stage.call()


def is_asked_once(outcome: Outcome) -> bool:
    """Tell whether nothing was sent again after the refusal."""
    return not too_early(outcome.exchanges, MONTH) and len(outcome.token_requests) <= 1


def use_month_up(stage: Stage) -> None:
    """Spend the month's only request."""
    stage.call()
    stage.seed()


CASE = Case(
    id="F05",
    name="rate-limit/month-used-up",
    level=Level.ROBUST,
    severity=2,
    requirement="a pause of weeks is reported at once as retry_later with its length",
    source="CopilotKit/CopilotKit#3842; vercel/fetch-retry#31",
    injects="429s whose Retry-After is twenty days, by the API, the limits, the token endpoint",
    observes="reported kind, real time, journal, stored token",
    checks={
        "kind": "a pause longer than the budget is reported as retry_later",
        "at-once": "the report comes at once",
        "tells-when": "the report says how long the pause is",
        "not-before": "the client does not ask again in the same operation",
        "tokens-kept": "the stored tokens stay as they are",
    },
    needs=("seed",),
    provider={"rate_limits": True, "monthly_limit": 1},
    variants=(
        Variant(name="seconds", given={"form": "seconds", "seconds": TWENTY_DAYS}),
        Variant(name="date", given={"form": "http_date", "seconds": TWENTY_DAYS}),
        Variant(name="month", given={"seconds": MONTH}),
        Variant(name="refresh", given={"seconds": TWENTY_DAYS}),
    ),
    play=play,
)
