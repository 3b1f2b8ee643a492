"""I06: the loser of a race reads the store before it gives up, or overwrites it."""

from concurrent.futures import wait
from functools import partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..fake.journal import newest_grant
from ..steps.holding import LONGEST_HOLD, wait_for_hits
from ..steps.stored import check_holds
from ..steps.using import start_using
from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level

TO_STORE = 2.0
"""Seconds for tokens to be stored while a refresh is held; a store may be locked meanwhile."""
TO_CONNECT = 0.5
"""Seconds for a connection to be made while a refresh is held; a client may make it wait."""


def lose_to_refresh(stage: Stage) -> None:
    """Hold a refresh, have another process store a new pair, then refuse the refresh.

    Raises Unsupported where a store takes nothing while a refresh is under way: nobody loses.
    """
    old = stage.client.seed(expired=True)
    other = stage.second_process()
    held = stage.fake.arm("token.refresh_token", "barrier", seconds=LONGEST_HOLD, times=1)
    running = start_using(stage.client)
    wait_for_hits(stage, held, 1)
    stage.fake.revoke_token(old["refresh_token"])
    other.seed(longest=TO_STORE)
    # The tokens that the client then finds were brought by no answer.
    stage.verdicts.others_answer = True
    stage.fake.release(held)
    outcome = running.finish()
    stage.check_kind("kind", outcome, Kind.OK)
    if state := stage.client.state():
        stage.check("not-flagged", not state.needs_reauth, outcome)


def lose_to_connection(stage: Stage, *, elsewhere: bool, is_revoked: bool) -> None:
    """Hold a refresh, connect anew meanwhile, then let the refresh go on. Raises Unsupported."""
    needed = ("begin", "callback") if elsewhere else ("begin", "callback", "parallel")
    if lacks := missing(needed, stage.client.ready):
        raise Unsupported(", ".join(lacks))
    old = stage.client.seed(expired=True)
    connecting = stage.second_process() if elsewhere else stage.client
    phase = "before" if is_revoked else "after"
    held = stage.fake.arm(
        "token.refresh_token", "barrier", seconds=LONGEST_HOLD, times=1, phase=phase
    )
    running = start_using(stage.client)
    wait_for_hits(stage, held, 1)
    pending = connecting.start("callback", user="u1", url=connecting.obtain_callback())
    wait([pending.pending], TO_CONNECT)
    if is_revoked:
        stage.fake.revoke_token(old["refresh_token"])
    stage.fake.release(held)
    refreshed, connected = running.finish(), pending.finish()
    check_connection(stage, connected, refreshed)


def check_connection(stage: Stage, connected: Outcome, refreshed: Outcome) -> None:
    """Check that the new connection was made, and is the one that is used."""
    if not stage.check_kind("connection-kept", connected, Kind.OK):
        return
    granted = newest_grant([one for one in connected.exchanges if one.code])
    check_holds(stage, "connection-kept", str(granted["refresh_token"]), refreshed)
    stage.check_kind("connection-kept", stage.client.call(), Kind.OK)


CASE = Case(
    id="I06",
    name="concurrency/loser",
    level=Level.ROBUST,
    severity=1,
    requirement="the store is read again before a grant is declared dead or overwritten",
    source="INV-9; openedx/edx-app-ios#1467",
    injects="`invalid_grant` for a refresh token that another process has replaced meanwhile; a "
    "new connection, here or there, while a refresh is under way, which succeeds or is refused",
    observes="reported kind, stored token",
    checks={
        "kind": "the loser goes on with the pair that the winner has stored",
        "not-flagged": "the grant is not flagged as dead",
        "connection-kept": "what was connected during a refresh is kept, whatever comes of that",
    },
    needs=("seed", "call", "refresh=auto", "persist=file"),
    variants=(
        Variant(name="refreshed", play=lose_to_refresh),
        *(
            Variant(
                name=f"connected-{where}{how}",
                play=partial(lose_to_connection, elsewhere=elsewhere, is_revoked=is_revoked),
            )
            for where, elsewhere in (("here", False), ("elsewhere", True))
            for how, is_revoked in (("", False), ("-refused", True))
        ),
    ),
)
