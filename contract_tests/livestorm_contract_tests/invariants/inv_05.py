"""INV-5: whether the pauses are kept that the provider asks for (RFC 9110, section 10.2.3)."""

from dataclasses import dataclass

from ..allowances.retry_after import ON_ITS_WAY, TOLERANCE, read_seconds
from ..fake.journal import Exchange
from .history import History
from .invariant import Invariant


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which a part of the provider must not be asked, in Unix seconds.

    It counts real time and moved time together.
    """

    begins: float
    ends: float


def applies(history: History) -> bool:
    """Tell whether an answer asked for a pause."""
    return any((read_seconds(one) or 0) > TOLERANCE for one in history.exchanges)


def judge(history: History) -> str | None:
    """Say which exchange came too early.

    What the token endpoint said counts within an operation: one that is asked for is not the
    client's own idea. What the API said counts until the end of the process: pauses are not saved.
    """
    of_api: dict[int, list[Pause]] = {}
    for one in history.operations:
        of_tokens: list[Pause] = []
        on_its_way = ON_ITS_WAY if one.outcome.calls > 1 else 0.0
        for exchange in one.outcome.exchanges:
            pauses = of_api.setdefault(one.process, []) if exchange.at_api else of_tokens
            came = exchange.wall + one.advanced
            known = [pause.ends - came for pause in pauses if came > pause.begins + on_its_way]
            if (early := max(known, default=0.0)) > TOLERANCE:
                return f"exchange {exchange.seq} came {early:.2f} s before Retry-After was over"
            pauses += _pauses(exchange, one.advanced)
    return None


def _pauses(exchange: Exchange, advanced: float) -> list[Pause]:
    seconds = read_seconds(exchange)
    if seconds is None:
        return []
    answered = exchange.ended_at + advanced
    return [Pause(begins=answered, ends=answered + seconds)]


INVARIANT = Invariant(
    name="INV-5",
    requirement="nothing is asked earlier than Retry-After says",
    applies=applies,
    judge=judge,
)
