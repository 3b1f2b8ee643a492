"""What a client has stored before and after an operation, where it tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..driving.kinds import fingerprint
from ..driving.messages import StoredToken
from ..driving.outcome import Outcome
from ..suite.stage import Stage

STORE_UNCHANGED = "what was stored stays as it was: tokens, expiry, and that they can be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """All that a client tells of its store."""

    token: StoredToken | None
    needs_reauth: bool = False
    """Whether the grant is flagged as dead, which says nothing of a user without tokens."""

    @property
    def members(self) -> Mapping[str, object]:
        """Each thing that is told, by its name."""
        token = self.token or StoredToken()
        told = {name: getattr(token, name) for name in token.__struct_fields__}
        return {**told, "needs_reauth": self.needs_reauth}


def stored_now(stage: Stage, user: str = "u1") -> Stored | None:
    """Give what is stored for a user, None where the client does not tell."""
    if (state := stage.client.state(user)) is None:
        return None
    return Stored(token=state.token, needs_reauth=state.needs_reauth and state.token is not None)


def connected_before(stage: Stage, user: str = "u1") -> Stored | None:
    """Give a user an earlier connection where the client can; give what is then stored."""
    if stage.client.can("seed"):
        stage.client.seed(user)
    return stored_now(stage, user)


def check_unchanged(
    stage: Stage,
    before: Stored | None,
    *outcomes: Outcome,
    check: str = "store-unchanged",
    user: str = "u1",
) -> None:
    """Check that all that is stored is what it was; `before` is not None for who tells."""
    if before is not None and (now := stored_now(stage, user)) is not None:
        was = before.members
        changed = [name for name, value in now.members.items() if value != was[name]]
        told = f"no longer what it was: {', '.join(changed)}"
        stage.check(check, now == before, *outcomes, told=told)


def check_holds(stage: Stage, check: str, refresh_token: str, outcome: Outcome) -> None:
    """Check that the client holds this refresh token, and does not flag it as dead."""
    if (state := stage.client.state()) is not None:
        held = state.token is not None and state.token.refresh_token == fingerprint(refresh_token)
        told = "flagged as dead" if held else "another refresh token, or none, is stored"
        stage.check(check, held and not state.needs_reauth, outcome, told=told)
