"""What a client has stored before and after an operation, where it tells."""

from ..driving.kinds import fingerprint
from ..driving.messages import StoredToken
from ..driving.outcome import Outcome
from ..suite.stage import Stage

STORE_UNCHANGED = "tokens that were stored stay what they were"


def connected_before(stage: Stage, user: str = "u1") -> StoredToken | None:
    """Give a user an earlier connection where the client can; give what is then stored."""
    if stage.client.can("seed"):
        stage.client.seed(user)
    return stage.client.stored(user)


def check_unchanged(
    stage: Stage,
    before: StoredToken | None,
    *outcomes: Outcome,
    check: str = "store-unchanged",
    user: str = "u1",
) -> None:
    """Check that the tokens are still those that were stored."""
    if (state := stage.client.state(user)) is not None:
        stage.check(check, state.token == before, *outcomes)


def check_kept(stage: Stage, check: str, before: StoredToken | None, *outcomes: Outcome) -> None:
    """Check that the tokens are still those that were stored, and not flagged as dead."""
    if (state := stage.client.state()) is not None:
        kept = state.token == before and not state.needs_reauth
        stage.check(check, kept, *outcomes, told="the stored tokens have changed")


def check_holds(stage: Stage, check: str, refresh_token: str, outcome: Outcome) -> None:
    """Check that the client holds this refresh token, and does not flag it as dead."""
    if (state := stage.client.state()) is not None:
        held = state.token is not None and state.token.refresh_token == fingerprint(refresh_token)
        told = "flagged as dead" if held else "another refresh token, or none, is stored"
        stage.check(check, held and not state.needs_reauth, outcome, told=told)
