"""F10: 429s without end are given up, within the budget."""

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.pauses import too_early
from ..suite.stage import Stage

SLACK_SECONDS = 4.0
"""For the requests themselves, on a machine under load."""


def play(stage: Stage) -> None:
    """Call against an API that always says to wait."""
    budget_ms = int(str(stage.variant.given["max_wait_ms"]))
    seconds = int(str(stage.variant.given["retry_after"]))
    stage.configure(budget={"max_wait_ms": budget_ms})
    stage.seed()
    stage.arm("api", "rate_limited", retry_after=seconds)
    outcome = stage.call()
    stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    stage.check("bounded", len(outcome.exchanges) <= 4, outcome)
    in_time = outcome.seconds <= budget_ms / 1000 + SLACK_SECONDS
    stage.check("in-time", in_time, outcome, told=f"after {outcome.seconds:.1f} s")
    stage.check("not-before", not too_early(outcome.exchanges, seconds), outcome)


CASE = Case(
    id="F10",
    name="rate-limit/for-ever",
    level=Level.ROBUST,
    severity=2,
    requirement="429s without end are given up within the budget, as retry_later",
    source="INV-4",
    injects="429s with a Retry-After of one second without end, and of more than may be waited",
    observes="reported kind, journal, real time",
    checks={
        "kind": "429s without an end are reported as retry_later",
        "bounded": "at most four requests for one call",
        "in-time": "the client does not wait longer than its budget",
        "not-before": "no request before the time that each answer asks for is over",
    },
    needs=("seed", "call"),
    provider={"rate_limits": True},
    variants=(
        Variant(name="waits", given={"max_wait_ms": 2500, "retry_after": 1}),
        Variant(name="reports", given={"max_wait_ms": 300, "retry_after": 6}),
    ),
    play=play,
)
