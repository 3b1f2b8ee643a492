"""INV-9: a failure passes."""

from typing import Final

from ..driving.kinds import Kind
from ..driving.messages import Reply
from .history import History, Noted
from .inv_07 import allowed_kinds
from .invariant import Invariant

FINAL: Final = (Kind.DENIED, Kind.REAUTH_REQUIRED)
"""After these a human has to do something."""


def applies(history: History) -> bool:
    """Tell whether an operation had to succeed."""
    return history.recovery is not None


def judge(history: History) -> str | None:
    """Say how the operation ended that had to succeed."""
    if history.recovery is None or history.recovery.kind is Kind.OK:
        return None
    return f"after the faults the next operation ends as {history.recovery.kind}"


def must_recover(history: History, stored: Reply) -> bool:
    """Tell whether the client has what it needs, and has not been told to stop."""
    if not history.operations or needs_somebody(history.operations[-1]):
        return False
    if stored.token is None or stored.needs_reauth:
        return False
    return (
        stored.token.refresh_token in history.alive and stored.token.access_token in history.known
    )


def needs_somebody(last: Noted) -> bool:
    """Tell whether an operation says that somebody has to act, or may mean so."""
    kinds = allowed_kinds(last) if last.outcome.kind is Kind.FAILED else {last.outcome.kind}
    return not kinds.isdisjoint(FINAL)


def seconds_left(history: History, now: float) -> float:
    """Give the seconds for which an answer may still forbid to ask; `now` is in Unix seconds."""
    return history.free_at - now


INVARIANT = Invariant(
    name="INV-9",
    requirement="without the faults the next operation succeeds, unless a human is needed",
    applies=applies,
    judge=judge,
)
