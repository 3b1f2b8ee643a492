"""F07: `RateLimit-Reset` comes in several forms; `Retry-After` wins, nonsense is ignored."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import tells_when, too_early, when_free
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

HOUR = 3600
SECONDS = 1
LONGEST_BACKOFF = 120
"""Seconds of a pause that a client has from nowhere but itself."""
Form = Callable[[float], str]
FORMS: Mapping[str, Form] = {
    "seconds": lambda at: str(int(at)),
    "milliseconds": lambda at: str(int(at) * 1000),
    "iso": lambda at: f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
    "delta": lambda at: str(HOUR),
    "nonsense": lambda at: "soon",
}


def judge_both(stage: Stage, *, form: Form) -> None:
    """Be limited with a reset in an hour, and judge whether the nearer Retry-After decides."""
    outcome = limited_call(stage, form, {"Retry-After": str(SECONDS)})
    if outcome.kind is Kind.RETRY_LATER:
        stage.check("retry-after-wins", tells_when(outcome, SECONDS), outcome)
    last = when_free(stage, outcome, stage.client.call, seconds=SECONDS)
    waits = not too_early(stage.fake.exchanges(), SECONDS)
    stage.check("retry-after-wins", waits and last.kind is Kind.OK, outcome, last)


def judge_reset(stage: Stage, *, form: Form, is_documented: bool) -> None:
    """Be limited for the month, and judge what is made of the reset: its moment, or nothing.

    Who ignores it says nothing, or a pause of seconds that it has for all that fails.
    """
    outcome = limited_call(stage, form, {"RateLimit-Monthly-Remaining": "0"})
    told = outcome.not_before
    stage.check("not-misread", told <= HOUR * 1.5, outcome, told=f"{told} s")
    if is_documented:
        fits = told <= LONGEST_BACKOFF or tells_when(outcome, HOUR - 1)
        stage.check("used", fits, outcome, told=f"{told} s")


def succeed(stage: Stage) -> None:
    """Be told of a reset by each answer."""
    stage.client.seed()
    outcomes = [stage.client.call() for _ in range(3)]
    for outcome in outcomes:
        stage.check_kind("success-counts", outcome, Kind.OK)


def limited_call(stage: Stage, form: Form, others: Mapping[str, str]) -> Outcome:
    """Call once against a 429 with a reset in an hour, and other headers."""
    stage.client.seed()
    headers = {"RateLimit-Reset": form(stage.fake.read_clock() + HOUR), **others}
    stage.fake.arm("api", "answer", status=429, headers=headers, times=1)
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.OK, Kind.RETRY_LATER)
    return outcome


CASE = Case(
    id="F07",
    name="rate-limit/reset-header",
    level=Level.ROBUST,
    severity=3,
    requirement="RateLimit-Reset is a moment or is ignored; a Retry-After beside it decides",
    source="Livestorm's documentation of its limits",
    injects="429s with RateLimit-Reset in Unix seconds, milliseconds, ISO 8601, a delta, a word",
    observes="reported kind and time, journal",
    checks={
        "kind": "a 429 is waited out or reported as retry_later",
        "retry-after-wins": "a Retry-After of one second decides, whatever the reset says",
        "not-misread": "a moment is not taken for a number of seconds to wait, or for years",
        "used": "whoever goes by the reset, where there is no Retry-After, goes by its moment",
        "success-counts": "on a success the headers put nothing off",
    },
    needs=("seed", "call"),
    provider={
        "rate_limits": True,
        "rate_limit_reset_on": "every_answer",
        "rate_limit_reset_form": "iso_8601",
    },
    max_wait_ms=300,
    variants=(
        *(
            variant
            for name, form in FORMS.items()
            for variant in (
                Variant(name=f"{name}, Retry-After", play=partial(judge_both, form=form)),
                Variant(
                    name=name,
                    play=partial(judge_reset, form=form, is_documented=name == "seconds"),
                ),
            )
        ),
        Variant(name="on every answer", play=succeed),
    ),
)
