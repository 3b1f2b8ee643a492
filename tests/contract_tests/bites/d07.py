"""D07: clients that log their user out over a gateway's refusal."""

from .shared.fragile import SaysItIsOver
from .shared.refreshed import (
    DropsTokens,
    GivesUpForGood,
    HasNoWordForIt,
    LogsOutOnEveryRefusal,
    LogsOutOnRareRefusals,
    StaysBroken,
)
from .table import Bite, Table

TABLE = Table(
    [
        Bite(LogsOutOnEveryRefusal, {"kind", "recovers", "tokens-kept"}),
        Bite(LogsOutOnRareRefusals, {"kind", "recovers", "tokens-kept"}),
        Bite(HasNoWordForIt, {"kind"}),
        Bite(DropsTokens, {"recovers", "tokens-kept"}),
        Bite(StaysBroken, {"recovers"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
        Bite(GivesUpForGood, {"recovers-from-several"}),
    ],
)
