"""F07: `RateLimit-Reset` comes in several forms; `Retry-After` wins, nonsense is ignored."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import tells_when, too_early, when_free
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage

HOUR = 3600
SECONDS = 1
FORMS: Mapping[str, Callable[[float], str]] = {
    "seconds": lambda at: str(int(at)),
    "milliseconds": lambda at: str(int(at) * 1000),
    "iso": lambda at: f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
    "delta": lambda at: str(HOUR),
    "nonsense": lambda at: "soon",
}


def play(stage: Stage) -> None:
    """Be limited with a reset in an hour, with and without a Retry-After."""
    stage.seed()
    if stage.variant.name == "on every answer":
        outcomes = [stage.call() for _ in range(3)]
        for outcome in outcomes:
            stage.check_kind("success-counts", outcome, Kind.OK)
        return
    form = str(stage.variant.given["form"])
    reset = FORMS[form](stage.sandbox.read_clock() + HOUR)
    if stage.variant.given["retry_after"]:
        judge_both(stage, reset)
    else:
        judge_reset(stage, reset, is_documented=form == "seconds")


def judge_both(stage: Stage, reset: str) -> None:
    """Judge whether the nearer Retry-After decides."""
    outcome = limited_call(stage, {"RateLimit-Reset": reset, "Retry-After": str(SECONDS)})
    if outcome.kind is Kind.RETRY_LATER:
        stage.check("retry-after-wins", tells_when(outcome, SECONDS), outcome)
    last = when_free(stage, outcome, SECONDS, stage.call)
    waits = not too_early(stage.exchanges(), SECONDS)
    stage.check("retry-after-wins", waits and last.kind is Kind.OK, outcome, last)


def judge_reset(stage: Stage, reset: str, *, is_documented: bool) -> None:
    """Judge what is made of a reset alone: the right moment, or nothing."""
    outcome = limited_call(stage, {"RateLimit-Reset": reset})
    told = outcome.reply.not_before_s or 0
    stage.check("not-misread", told <= HOUR * 1.5, outcome, told=f"{told} s")
    if is_documented:
        stage.check("used", tells_when(outcome, HOUR - 1), outcome, told=f"{told} s")


def limited_call(stage: Stage, headers: Mapping[str, str]) -> Outcome:
    """Call once against a 429 with these headers."""
    stage.arm("api", "answer", status=429, headers=dict(headers), times=1)
    outcome = stage.call()
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
        "used": "without a Retry-After the reset says when to try again",
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
            Variant(
                name=f"{form}{', Retry-After' * both}", given={"form": form, "retry_after": both}
            )
            for form in FORMS
            for both in (True, False)
        ),
        Variant(name="on every answer"),
    ),
    play=play,
)
