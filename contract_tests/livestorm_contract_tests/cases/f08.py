"""F08: a pause holds for all parallel calls, and they don't all go on at the same instant."""

import time

from ..allowances.retry_after import ON_ITS_WAY, TOLERANCE
from ..driving.kinds import Kind, may_be
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..steps.pauses import free_at, pause, seconds_of
from ..suite.case import Case, Variant
from ..suite.driver import Running
from ..suite.stage import Stage
from ..suite.verdicts import Level

WORKERS = 8
SECONDS = 2
SOON, LATER = 0.3, 0.8
"""After how many seconds calls are refused whose pauses differ: all are on their way then."""
HERD_SECONDS = 0.1
ANSWER_SECONDS = 0.15
"""Longer than that: calls one after the other, or after a probe, are no herd."""


def start_in_pause(stage: Stage) -> None:
    """Let one call be refused, then start all at once."""
    stage.client.configure(budget={"max_wait_ms": 300})
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", retry_after=SECONDS, times=1)
    first = stage.client.call()
    stage.check_kind("kind", first, Kind.OK, Kind.RETRY_LATER)
    judge_pauses(stage, stage.client.call(parallel=WORKERS), on_its_way=0)


def start_before_pause(stage: Stage) -> None:
    """Refuse all that come, then let all that wait go on."""
    stage.client.seed()
    stage.fake.arm("api", "rate_limited", retry_after=SECONDS)
    running = start_and_refuse(stage)
    stage.fake.arm("api.me", "delay", seconds=ANSWER_SECONDS)
    outcome = running.finish()
    judge_pauses(stage, outcome, on_its_way=ON_ITS_WAY)
    free = [free_at(one, SECONDS) - TOLERANCE for one in refusals(stage)[:1]]
    late = [one.at for one in outcome.api_requests if free and one.at >= free[0]]
    herd = sum(at <= late[0] + HERD_SECONDS for at in late)
    told = f"{herd} of {WORKERS} requests within {HERD_SECONDS} s"
    stage.check("no-herd", herd < WORKERS - 1, outcome, told=told)


def prolong_pause(stage: Stage) -> None:
    """Have a longer pause begin while some wait for the end of another."""
    stage.client.seed()
    judge_pauses(stage, refuse_in_two_parts(stage, 2, 3), on_its_way=ON_ITS_WAY)


def cut_pause(stage: Stage) -> None:
    """Have a shorter pause begin and end during another, for which nobody may wait."""
    stage.client.configure(budget={"max_wait_ms": 300})
    stage.client.seed()
    judge_pauses(stage, refuse_in_two_parts(stage, 3, 1), on_its_way=ON_ITS_WAY)
    pause(stage, 1 + 2 * TOLERANCE)
    judge_pauses(stage, stage.client.call(parallel=WORKERS), on_its_way=0)


def refuse_in_two_parts(stage: Stage, first: int, others: int) -> Outcome:
    """Refuse half of those that come for so many seconds, and the others a moment later."""
    half = WORKERS // 2
    stage.fake.arm("api", "rate_limited", retry_after=first, times=half, delay=SOON)
    stage.fake.arm("api", "rate_limited", retry_after=others, times=half, delay=LATER)
    return start_and_refuse(stage).finish()


def start_and_refuse(stage: Stage) -> Running:
    """Start all at once, and lift the refusals when those that were on their way have come."""
    running = stage.client.start("call", path="/me", parallel=WORKERS)
    stage.fake.wait_for_exchange("api.me", since=running.since)
    time.sleep(ON_ITS_WAY)
    stage.fake.disarm()
    return running


def judge_pauses(stage: Stage, outcome: Outcome, *, on_its_way: float) -> None:
    """Judge what came in a pause, and what became of the calls."""
    for result in outcome.reply.results:
        stage.check("kind", may_be(result.kind, Kind.OK, Kind.RETRY_LATER), outcome)
    pauses = [(free_at(one, 0), seconds_of(one)) for one in refusals(stage)]
    early = [
        one
        for one in outcome.api_requests
        if any(at + on_its_way < one.at < at + seconds - TOLERANCE for at, seconds in pauses)
    ]
    stage.check("pause", len(early) <= 1, outcome, told=f"{len(early)} requests in the pause")


def refusals(stage: Stage) -> list[Exchange]:
    """Give the 429s."""
    return [one for one in stage.fake.exchanges() if one.status == 429]


CASE = Case(
    id="F08",
    name="rate-limit/parallel-calls",
    level=Level.ROBUST,
    severity=2,
    requirement="a 429 pauses all parallel calls, at most one probe goes out, and no herd follows",
    source="the catalogue's own",
    injects="429s while eight calls run, or before they start, and 429s whose pauses differ",
    observes="journal, reported kinds",
    checks={
        "kind": "each call succeeds or is reported as retry_later",
        "pause": "at most one request goes out before the longest pause is over",
        "no-herd": "the waiting calls do not all go on within a tenth of a second of the first",
    },
    needs=("seed", "call", f"parallel_calls>={WORKERS}"),
    provider={"rate_limits": True, "interval_limit": 1000},
    variants=(
        Variant(name="known", play=start_in_pause),
        Variant(name="begins", play=start_before_pause),
        Variant(name="prolonged", play=prolong_pause),
        Variant(name="cut", play=cut_pause),
    ),
)
