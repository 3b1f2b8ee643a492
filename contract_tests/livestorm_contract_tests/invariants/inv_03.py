"""INV-3: what may be sent once only (RFC 6749, sections 4.1.2 and 6)."""

from collections.abc import Sequence

from ..allowances.delivered import supersedes
from ..fake.journal import Exchange
from .history import History
from .invariant import Invariant


def applies(history: History) -> bool:
    """Tell whether a code or a refresh token was sent."""
    return any(one.code is not None or one.refresh_token is not None for one in history.exchanges)


def judge(history: History) -> str | None:
    """Say which exchange sends again what is spent."""
    earlier: list[Exchange] = []
    for outcome in (one.outcome for one in history.operations):
        for index, exchange in enumerate(outcome.exchanges):
            # Of calls at once, one may have been on its way when another brought the successor.
            own = outcome.exchanges[:index] if outcome.calls == 1 else ()
            if told := _repeated(exchange, [*earlier, *own]):
                return told
        earlier += outcome.exchanges
    return None


def _repeated(exchange: Exchange, earlier: Sequence[Exchange]) -> str | None:
    code, refresh_token = exchange.code, exchange.refresh_token
    if code is not None and any(one.code == code for one in earlier):
        return f"exchange {exchange.seq} sends a code again"
    if refresh_token is not None and any(supersedes(one, refresh_token) for one in earlier):
        return f"exchange {exchange.seq} sends a superseded refresh token"
    return None


INVARIANT = Invariant(
    name="INV-3",
    requirement="a code is sent once, and a superseded refresh token never",
    applies=applies,
    judge=judge,
)
