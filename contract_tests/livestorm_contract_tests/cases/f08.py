"""F08: a pause holds for all parallel calls, and they don't all go on at the same instant."""

import time

from ..adapter import Kind
from ..journal import Exchange
from ..suite.case import Case, Level, Variant
from ..suite.outcome import Outcome
from ..suite.pauses import ON_ITS_WAY, TOLERANCE, free_at
from ..suite.stage import Stage

WORKERS = 8
SECONDS = 2
HERD_SECONDS = 0.1
ANSWER_SECONDS = 0.15
"""Longer than that: calls one after the other, or after a probe, are no herd."""


def play(stage: Stage) -> None:
    """Limit eight workers: by a pause that is known when they start, or that begins then."""
    if stage.variant.name == "known":
        start_in_pause(stage)
    else:
        start_before_pause(stage)


def start_in_pause(stage: Stage) -> None:
    """Let one call be refused, then start all at once."""
    stage.configure(budget={"max_wait_ms": 300})
    stage.seed()
    stage.arm("api", "rate_limited", retry_after=SECONDS, times=1)
    first = stage.call()
    stage.check_kind("kind", first, Kind.OK, Kind.RETRY_LATER)
    judge_pause(stage, stage.call(parallel=WORKERS), on_its_way=0)


def start_before_pause(stage: Stage) -> None:
    """Refuse all that come, then let all that wait go on."""
    stage.seed()
    stage.arm("api", "rate_limited", retry_after=SECONDS)
    running = stage.client.start("call", path="/me", parallel=WORKERS)
    stage.sandbox.wait_for_exchange("api.me", since=running.since)
    time.sleep(ON_ITS_WAY)
    stage.disarm()
    stage.arm("api.me", "delay", seconds=ANSWER_SECONDS)
    outcome = running.finish()
    judge_pause(stage, outcome, on_its_way=ON_ITS_WAY)
    refused = first_refusal(stage)
    late = [one for one in outcome.api_requests if one.at >= free_at(refused, SECONDS) - TOLERANCE]
    herd = sum(one.at <= late[0].at + HERD_SECONDS for one in late)
    told = f"{herd} of {WORKERS} requests within {HERD_SECONDS} s"
    stage.check("no-herd", herd < WORKERS - 1, outcome, told=told)


def judge_pause(stage: Stage, outcome: Outcome, *, on_its_way: float) -> None:
    """Judge what came in the pause, and what became of the calls."""
    for result in outcome.reply.results:
        stage.check("kind", result.kind in (Kind.OK, Kind.RETRY_LATER), outcome)
    refused = first_refusal(stage)
    known_at = free_at(refused, 0) + on_its_way
    early = [
        one
        for one in outcome.api_requests
        if known_at < one.at < free_at(refused, SECONDS) - TOLERANCE
    ]
    stage.check("pause", len(early) <= 1, outcome, told=f"{len(early)} requests in the pause")


def first_refusal(stage: Stage) -> Exchange:
    """Give the first 429."""
    return next(one for one in stage.exchanges() if one.status == 429)


CASE = Case(
    id="F08",
    name="rate-limit/parallel-calls",
    level=Level.ROBUST,
    severity=2,
    requirement="a 429 pauses all parallel calls, at most one probe goes out, and no herd follows",
    source="the catalogue's own",
    injects="429s with `Retry-After: 2` while eight calls run, or before they start",
    observes="journal, reported kinds",
    checks={
        "kind": "each call succeeds or is reported as retry_later",
        "pause": "at most one request goes out before the two seconds are over",
        "no-herd": "the waiting calls do not all go on within a tenth of a second of the first",
    },
    needs=("seed", "call", f"parallel_calls>={WORKERS}"),
    provider={"rate_limits": True, "interval_limit": 1000},
    variants=(Variant(name="known"), Variant(name="begins")),
    play=play,
)
