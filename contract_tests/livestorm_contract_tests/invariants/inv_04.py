"""INV-4: how many requests an operation may send; one that takes too long is a hang."""

from collections.abc import Mapping
from typing import Final

from ..driving.outcome import Outcome
from .history import History
from .invariant import Invariant

MOST_REQUESTS: Final[Mapping[str, int]] = {
    "begin": 1 + 2,
    # Who asks for the user while it connects may have to refresh for that.
    "callback": 1 + 2 + 1,
    "refresh": 1 + 2,
    "call": 1 + 2 + 1,
}
MOST_TOKEN_REQUESTS_OF_A_CALL: Final = 2


def applies(history: History) -> bool:
    """Tell whether an operation was done."""
    return bool(history.operations)


def judge(history: History) -> str | None:
    """Say which operation sent too much."""
    return next(filter(None, (_excess(one.outcome) for one in history.operations)), None)


def _excess(outcome: Outcome) -> str | None:
    sent, asked = len(outcome.exchanges), len(outcome.token_requests)
    what = f"a {outcome.op}" if outcome.calls == 1 else f"{outcome.calls} calls at once"
    most = outcome.calls * MOST_REQUESTS[outcome.op]
    if sent > most:
        return f"{what} may send at most {most} requests, not {sent}"
    most = outcome.calls * MOST_TOKEN_REQUESTS_OF_A_CALL
    if outcome.op == "call" and asked > most:
        return f"{what} may send at most {most} requests to the token endpoint, not {asked}"
    return None


INVARIANT = Invariant(
    name="INV-4",
    requirement="one operation sends a bounded number of requests",
    applies=applies,
    judge=judge,
)
