"""F03: a 429 whose `Retry-After` is missing or nonsense is backed off from all the same."""

from collections.abc import Mapping
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.pauses import LEAST_SECONDS, MOST_CALLS, pauses_within, when_free
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, limit: Mapping[str, object]) -> None:
    """Be limited until the pauses are long enough to be told from none."""
    stage.fake.arm("api", "rate_limited", **limit)
    pauses: list[float] = []
    outcomes: list[Outcome] = []
    for _ in range(MOST_CALLS):
        stage.client.seed()
        outcomes.append(stage.client.call())
        pauses += pauses_within(outcomes[-1])
        if sum(pauses) >= LEAST_SECONDS or not pauses:
            break
    for outcome in outcomes:
        stage.check_kind("kind", outcome, Kind.RETRY_LATER)
        stage.check("bounded", len(outcome.exchanges) <= 4, outcome)
    backs_off = not pauses or sum(pauses) >= LEAST_SECONDS
    stage.check("backs-off", backs_off, *outcomes, told=f"pauses of {pauses} s")
    stage.fake.disarm()
    last = when_free(stage, outcomes[-1], stage.client.call)
    stage.check_kind("recovers", last, Kind.OK)


CASE = Case(
    id="F03",
    name="rate-limit/retry-after-nonsense",
    level=Level.ROBUST,
    severity=2,
    requirement="a 429 without a usable Retry-After is backed off from, with limits",
    source="INV-4; pulseaiclub/phi#30",
    injects="429s whose Retry-After is absent, negative, a word, a fraction, two values, long past",
    observes="journal, reported kind",
    checks={
        "kind": "429s without an end are reported as retry_later",
        "bounded": "at most four requests for one call",
        "backs-off": "the client pauses before it tries again",
        "recovers": "the next call after the fault succeeds",
    },
    needs=("seed", "call"),
    provider={"rate_limits": True},
    variants=(
        Variant(name="absent", play=partial(play, limit={"retry_after_form": "absent"})),
        *(
            Variant(name=text, play=partial(play, limit={"retry_after": text, "shape": "empty"}))
            for text in ("-1", "abc", "1.5", "1, 2", "Thu, 01 Jan 1970 00:00:00 GMT")
        ),
    ),
)
