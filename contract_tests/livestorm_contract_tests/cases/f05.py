"""F05: a pause of weeks is reported at once, and not slept through."""

from collections.abc import Callable
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import tells_when, too_early
from ..steps.stored import check_unchanged, stored_now
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

TWENTY_DAYS = 1_728_000
MONTH = 30 * 86_400
SLACK = 60
"""Seconds that may have passed since the pause began."""
AT_ONCE_SECONDS = 3.0


def limit_calls(stage: Stage, *, form: str) -> None:
    """Limit the API for weeks."""
    limit_refreshes(stage)
    stage.fake.arm("api", "rate_limited", retry_after=TWENTY_DAYS, retry_after_form=form)
    judge(stage, stage.client.call, TWENTY_DAYS)


def use_month_up(stage: Stage) -> None:
    """Spend the month's only request."""
    limit_refreshes(stage)
    stage.client.call()
    stage.client.seed()
    judge(stage, stage.client.call, MONTH)


def refresh(stage: Stage) -> None:
    """Do what is limited in each variant: nothing is to be gained by a refresh."""
    limit_refreshes(stage)
    judge(stage, stage.client.refresh, TWENTY_DAYS)


def limit_refreshes(stage: Stage) -> None:
    """Limit the token endpoint for weeks."""
    stage.client.seed()
    stage.fake.arm("token.refresh_token", "rate_limited", retry_after=TWENTY_DAYS)


def judge(stage: Stage, ask: Callable[[], Outcome], seconds: float) -> None:
    """Be put off for weeks, twice: a client may or may not remember the first time."""
    before = stored_now(stage)
    outcomes = [ask(), ask()]
    for outcome in outcomes:
        stage.check_kind("kind", outcome, Kind.RETRY_LATER)
        at_once = outcome.seconds <= AT_ONCE_SECONDS
        stage.check("at-once", at_once, outcome, told=f"after {outcome.seconds:.1f} s")
        fits = tells_when(outcome, seconds - SLACK)
        told = f"{outcome.reply.not_before_s} s"
        stage.verdicts.check_told("tells-when", fits, outcome, told)
        stage.check("not-before", is_asked_once(outcome), outcome)
    check_unchanged(stage, before, *outcomes, check="tokens-kept")


def is_asked_once(outcome: Outcome) -> bool:
    """Tell whether nothing was sent again after the refusal."""
    return not too_early(outcome.exchanges, MONTH) and len(outcome.token_requests) <= 1


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
        Variant(name="seconds", play=partial(limit_calls, form="seconds")),
        Variant(name="date", play=partial(limit_calls, form="http_date")),
        Variant(name="month", play=use_month_up),
        Variant(name="refresh", play=refresh),
    ),
)
