"""I02: two processes refresh one store at the same instant."""

from ..driving.kinds import Kind
from ..steps.using import start_using
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Use an expired token in two processes at once, and once more after."""
    stage.client.seed(expired=True)
    other = stage.second_process()
    running = [start_using(client) for client in (stage.client, other)]
    outcomes = [one.finish() for one in running]
    # A loser without a lock may have read the store before the winner had saved.
    outcomes += [start_using(client).finish() for client in (stage.client, other)]
    stage.check("both-go-on", all(one.kind is Kind.OK for one in outcomes[2:]), *outcomes)
    stage.check("no-bug", all(one.kind is not Kind.BUG for one in outcomes), *outcomes)


CASE = Case(
    id="I02",
    name="concurrency/two-processes",
    level=Level.ROBUST,
    severity=1,
    requirement="processes that share a store refresh one at a time, or the loser recovers",
    source="INV-8; openid/AppAuth-iOS#814",
    injects="two refreshes at the same instant; the old pair dies at once",
    observes="journal, reported kinds",
    checks={
        "both-go-on": "both processes work after the race, without a human",
        "no-bug": "the race raises no unexpected exception",
    },
    needs=("seed", "call", "refresh=auto", "persist=file"),
    scenario="refreshes_at_once",
    play=play,
)
