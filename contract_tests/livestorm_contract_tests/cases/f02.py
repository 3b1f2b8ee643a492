"""F02: `Retry-After` may be a date, and what is left until then is rounded up."""

from email.utils import parsedate_to_datetime
from functools import partial

from ..allowances.retry_after import TOLERANCE
from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import pause, tells_when, when_free
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, seconds: float) -> None:
    """Be limited until a date, wait or be told to, and call."""
    stage.client.seed()
    settle_in_second(stage)
    stage.fake.arm(
        "api",
        "rate_limited",
        retry_after=seconds,
        retry_after_form="http_date",
        shape="empty",
        times=1,
    )
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.OK, Kind.RETRY_LATER)
    if outcome.kind is Kind.RETRY_LATER:
        # The date has no fractions, so the pause is up to a second shorter.
        stage.check("parsed", tells_when(outcome, seconds - 1), outcome)
    if seconds > 5 and not stage.client.can("clock"):
        stage.check("parsed", not early_by(stage, 1), outcome)
        return
    last = when_free(stage, outcome, stage.client.call, seconds=seconds)
    stage.check("parsed", not early_by(stage, 1), outcome, last)
    stage.check("rounded-up", not early_by(stage, 0), outcome, last)
    stage.check_kind("recovers", last, Kind.OK)


def settle_in_second(stage: Stage) -> None:
    """Go to the first half of a second, so that more than half a second is left to round."""
    fraction = stage.fake.read_clock() % 1
    if fraction > 0.4:
        pause(stage, 1.1 - fraction)


def early_by(stage: Stage, seconds: float) -> list[Outcome]:
    """Give the outcomes with an API request more than `seconds` before the date."""
    refused = [one for one in stage.fake.exchanges() if one.fault == "rate_limited"]
    dates = [
        (one.seq, parsedate_to_datetime(one.headers["retry-after"]).timestamp()) for one in refused
    ]
    return [
        outcome
        for outcome in stage.verdicts.outcomes
        if any(
            one.seq > seq and one.at < date - seconds - TOLERANCE
            for one in outcome.api_requests
            for seq, date in dates
        )
    ]


CASE = Case(
    id="F02",
    name="rate-limit/retry-after-date",
    level=Level.MUST,
    severity=3,
    requirement="a Retry-After with a date is parsed, and the time that is left is rounded up",
    source="RFC 9110, section 10.2.3; e2b-dev/E2B#1797; AstroVela/vane#170",
    injects="one 429 with an HTTP date as Retry-After, a second, three or an hour ahead",
    observes="journal, reported kind",
    checks={
        "kind": "a 429 is waited out or reported as retry_later",
        "parsed": "the date decides when the next request may come",
        "rounded-up": "no request in the fraction of a second before the date",
        "recovers": "the call succeeds after the date",
    },
    levels={"rounded-up": Level.SHOULD},
    needs=("seed", "call"),
    provider={"rate_limits": True},
    variants=(
        Variant(name="in a second", play=partial(play, seconds=1)),
        Variant(name="soon", play=partial(play, seconds=3)),
        Variant(name="in an hour", play=partial(play, seconds=3600)),
    ),
)
