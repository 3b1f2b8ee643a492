"""D06: clients that log their user out over their own configuration."""

from .shared.fragile import SaysItIsOver
from .shared.refreshed import (
    DropsTokens,
    GivesUpForGood,
    HasNoWordForIt,
    LogsOutOnEveryRefusal,
    ParksMisconfigurations,
)
from .table import Bite, Table

TABLE = Table(
    [
        Bite(LogsOutOnEveryRefusal, {"kind", "recovers", "tokens-kept"}),
        Bite(HasNoWordForIt, {"kind"}),
        Bite(DropsTokens, {"recovers", "tokens-kept"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
        Bite(ParksMisconfigurations, {"recovers"}),
        Bite(GivesUpForGood, {"recovers-from-several"}),
    ],
)
