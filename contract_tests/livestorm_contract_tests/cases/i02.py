"""I02: two processes refresh one store at the same instant."""

import time
from contextlib import suppress
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.using import start_using
from ..suite.case import Case, Variant
from ..suite.client import Client
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

RACE_SECONDS = 1.0
"""How long the second process may take to its request."""
LONGEST_RACE = 3.0
"""Seconds after which a client may take its held request for lost."""
ATTEMPTS = 4


def play(stage: Stage, *, check: str) -> None:
    """Use an expired token in two processes at once, and once more after."""
    other = stage.second_process()
    outcomes = race(stage, other)
    # A loser without a lock may have read the store before the winner had saved.
    outcomes += [start_using(client).finish() for client in (stage.client, other)]
    stage.check(check, all(one.kind is Kind.OK for one in outcomes[2:]), *outcomes)
    stage.check("no-bug", all(one.kind is not Kind.BUG for one in outcomes), *outcomes)


def race(stage: Stage, other: Client) -> list[Outcome]:
    """Have the second process begin when the first has read its token, and sent it.

    A race that took too long, on a machine under load, is none. Raises Unsupported.
    """
    for _ in range(ATTEMPTS):
        stage.client.seed(expired=True)
        began = time.monotonic()
        held = stage.fake.arm(
            "token.refresh_token", "barrier", parties=3, times=2, seconds=LONGEST_HOLD
        )
        running = [start_using(stage.client)]
        wait_for_hits(stage, held, 1)
        running.append(start_using(other))
        # A client with a lock never comes to a second request.
        with suppress(Unsupported):
            wait_for_hits(stage, held, 2, seconds=RACE_SECONDS)
        stage.fake.release(held)
        lasted = time.monotonic() - began
        outcomes = [one.finish() for one in running]
        stage.fake.disarm()
        if lasted < LONGEST_RACE:
            return outcomes
    raise Unsupported("a race on a machine that is quick enough")


CASE = Case(
    id="I02",
    name="concurrency/two-processes",
    level=Level.ROBUST,
    severity=1,
    requirement="processes that share a store refresh one at a time, or the loser recovers",
    source="INV-8; openid/AppAuth-iOS#814",
    injects="two refreshes at the same instant; the old pair dies at once, or kills the family",
    observes="journal, reported kinds",
    checks={
        "both-go-on": "both processes work after the race, without a human",
        "family-survives": "they do where reuse kills all tokens (fails only if Livestorm does so)",
        "no-bug": "the race raises no unexpected exception",
    },
    levels={"family-survives": Level.SHOULD},
    needs=("seed", "call", "refresh=auto", "persist=file"),
    variants=tuple(
        Variant(name=mode, play=partial(play, check=check), provider={"rotation": mode})
        for mode, check in (("instant", "both-go-on"), ("family", "family-survives"))
    ),
)
