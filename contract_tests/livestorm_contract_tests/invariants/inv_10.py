"""INV-10: what is saved stays."""

from .history import History
from .invariant import Invariant


def applies(history: History) -> bool:
    """Tell whether a process ended that had stored something."""
    return any(one.before.token is not None for one in history.restarts)


def judge(history: History) -> str | None:
    """Say whether a restart has changed what is stored."""
    if all(one.before == one.after for one in history.restarts):
        return None
    return "what was stored is not what is found after a restart"


INVARIANT = Invariant(
    name="INV-10",
    requirement="the end of the process loses nothing that was saved",
    applies=applies,
    judge=judge,
)
