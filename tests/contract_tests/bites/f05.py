"""F05: clients that sleep for weeks, or not at all."""

from typing import Any

from ..model_client.limits import Limits
from ..model_client.operations import Operations
from ..model_client.values import Answer, Message
from .shared.fragile import SaysItIsOver
from .shared.limited import (
    ForgetsUsersOnLimits,
    IgnoresPauses,
    SleepsThroughAll,
    TakesLimitsForRefusals,
    TellsNoTime,
)
from .table import Bite, Table


class CapsPauses(Limits):
    """Shortens a pause of weeks to one that it can wait for."""

    def retry_after(self, answer: Answer) -> float | None:
        """Cap."""
        told = super().retry_after(answer)
        return None if told is None else min(told, 0.2)


class TellsTimeWithAnotherWord(Operations):
    """Says when to come back, and that the answer can't be read."""

    def report(self, operation: Any) -> Message:
        """Replace the kind."""
        reply = super().report(operation)
        return {**reply, "kind": "protocol_error"} if reply["kind"] == "retry_later" else reply


TABLE = Table(
    [
        Bite(TakesLimitsForRefusals, {"kind", "tells-when"}),
        Bite(SleepsThroughAll, {"at-once"}),
        Bite(TellsNoTime, {"tells-when"}),
        Bite(CapsPauses, {"not-before", "tells-when"}),
        Bite(IgnoresPauses, {"not-before"}),
        Bite(ForgetsUsersOnLimits, {"kind", "tells-when", "tokens-kept"}),
        Bite(TellsTimeWithAnotherWord, {"kind"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
    ],
)
