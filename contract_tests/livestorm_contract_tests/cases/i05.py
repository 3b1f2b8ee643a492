"""I05: calls that a refresh has overtaken go on with the new token."""

from ..driving.kinds import Kind
from ..fake.journal import refreshes
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

CALLS = 5


def play(stage: Stage) -> None:
    """Hold calls, refresh meanwhile, which kills their access token, and let them go on."""
    stage.client.seed()
    held = stage.fake.arm("api.me", "barrier", parties=CALLS + 1, seconds=LONGEST_HOLD, times=CALLS)
    running = stage.client.start("call", user="u1", path="/me", parallel=CALLS)
    wait_for_hits(stage, held, CALLS)
    refreshed = stage.client.refresh()
    stage.fake.release(held)
    outcome = running.finish()
    sent = refreshes(stage.fake.exchanges())
    stage.check("one-refresh", len(sent) == 1, refreshed, outcome, told=f"{len(sent)} refreshes")
    kinds = [one.kind for one in outcome.reply.results]
    stage.check("all-succeed", kinds == [Kind.OK] * CALLS, outcome)


CASE = Case(
    id="I05",
    name="concurrency/overtaken",
    level=Level.ROBUST,
    severity=1,
    requirement="a call whose token was replaced meanwhile is repeated with the new one",
    source="doorkeeper-gem/doorkeeper#286",
    injects="a refresh that revokes the old access token while calls with it are under way",
    observes="journal, reported kinds",
    checks={
        "one-refresh": "a 401 for a token that was replaced meanwhile starts no second refresh",
        "all-succeed": "every overtaken call succeeds with the new token",
    },
    needs=("seed", "call", "refresh", "on_401", "parallel", "parallel_calls>=5"),
    provider={"rotation": "instant"},
    play=play,
)
