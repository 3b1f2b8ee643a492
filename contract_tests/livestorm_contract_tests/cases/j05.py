"""J05: the moment of expiry is stored, not a lifetime that begins anew."""

import time

from ..driving.kinds import Kind
from ..suite.case import Case
from ..suite.stage import Stage
from ..suite.verdicts import Level

SECONDS = 2.5
TOLERANCE = 1.5


def play(stage: Stage) -> None:
    """Connect, let time pass, restart the client, and ask when the token expires."""
    connected = stage.client.connect()
    if not stage.check("token-kept", connected.kind is Kind.OK, connected, told="nothing to keep"):
        return
    before = stage.client.stored()
    # A restarted client has lost a moved clock: this time is real.
    time.sleep(SECONDS)
    stage.client.restart("stop")
    after = stage.client.stored()
    stage.check("token-kept", after is not None and before is not None)
    if before is None or after is None or before.expires_at is None:
        return
    moved = (after.expires_at or 0) - before.expires_at
    stage.check("expiry-absolute", abs(moved) < TOLERANCE, told=f"moved by {moved:.1f} s")


CASE = Case(
    id="J05",
    name="durability/expiry",
    level=Level.ROBUST,
    severity=2,
    requirement="a token that was saved expires when it did before",
    source="requests/requests-oauthlib#561",
    injects="a restart some time after the connection",
    observes="stored token",
    checks={
        "token-kept": "the token is there after a restart",
        "expiry-absolute": "a restart does not move the moment of expiry",
    },
    needs=("begin", "callback", "state", "restart", "persist=file"),
    play=play,
)
