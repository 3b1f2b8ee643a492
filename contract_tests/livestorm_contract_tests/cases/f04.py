"""F04: `Retry-After: 0`, again and again, is no leave to hammer."""

from ..driving.kinds import Kind
from ..steps.pauses import when_free
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Call against an API that always says "now"."""
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", retry_after=0)
    outcome = stage.client.call()
    stage.check_kind("kind", outcome, Kind.RETRY_LATER)
    stage.check("bounded", len(outcome.exchanges) <= 4, outcome)
    stage.fake.disarm()
    last = when_free(stage, outcome, stage.client.call)
    stage.check_kind("recovers", last, Kind.OK)


CASE = Case(
    id="F04",
    name="rate-limit/retry-after-zero",
    level=Level.ROBUST,
    severity=2,
    requirement="the number of requests is bounded, also where each answer allows another at once",
    source="INV-4",
    injects="429s with `Retry-After: 0` without end",
    observes="journal, reported kind",
    checks={
        "kind": "429s without an end are reported as retry_later",
        "bounded": "at most four requests for one call",
        "recovers": "the next call after the fault succeeds",
    },
    needs=("seed", "call"),
    provider={"rate_limits": True},
    play=play,
)
