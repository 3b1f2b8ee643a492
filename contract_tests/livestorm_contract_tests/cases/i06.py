"""I06: the loser of a race reads the store before it gives up."""

from ..driving.kinds import Kind
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.using import start_using
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Hold a refresh, have another process store a new pair, then refuse the refresh."""
    old = stage.client.seed(expired=True)
    other = stage.second_process()
    held = stage.fake.arm("token.refresh_token", "barrier", seconds=LONGEST_HOLD, times=1)
    running = start_using(stage.client)
    wait_for_hits(stage, held, 1)
    stage.fake.revoke_token(old["refresh_token"])
    other.seed()
    # The tokens that the client then finds were brought by no answer.
    stage.verdicts.others_answer = True
    stage.fake.release(held)
    outcome = running.finish()
    stage.check_kind("kind", outcome, Kind.OK)
    if state := stage.client.state():
        stage.check("not-flagged", not state.needs_reauth, outcome)


CASE = Case(
    id="I06",
    name="concurrency/loser",
    level=Level.ROBUST,
    severity=1,
    requirement="after `invalid_grant` the store is read again before the grant is declared dead",
    source="INV-9; openedx/edx-app-ios#1467",
    injects="`invalid_grant` for a refresh token that another process has replaced meanwhile",
    observes="reported kind, stored token",
    checks={
        "kind": "the loser goes on with the pair that the winner has stored",
        "not-flagged": "the grant is not flagged as dead",
    },
    needs=("seed", "call", "refresh=auto", "persist=file"),
    play=play,
)
