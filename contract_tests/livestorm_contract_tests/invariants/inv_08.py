"""INV-8: one refresh at a time (RFC 9700, section 4.14.2)."""

from itertools import pairwise

from ..driving.outcome import Outcome
from ..fake.journal import Exchange, refreshes
from .history import History
from .invariant import Invariant


def applies(history: History) -> bool:
    """Tell whether calls at once had to refresh."""
    return any(one.outcome.calls > 1 and _refreshes(one.outcome) for one in history.operations)


def judge(history: History) -> str | None:
    """Say which refreshes met."""
    for outcome in (one.outcome for one in history.operations if one.outcome.calls > 1):
        for one, later in pairwise(_refreshes(outcome)):
            if one.answered_at is not None and later.wall < one.answered_at:
                return f"refreshes {one.seq} and {later.seq} are in flight at once"
    return None


def _refreshes(outcome: Outcome) -> list[Exchange]:
    return sorted(refreshes(outcome.exchanges), key=lambda one: one.wall)


INVARIANT = Invariant(
    name="INV-8",
    requirement="two refreshes of one credential are never in flight at once",
    applies=applies,
    judge=judge,
)
