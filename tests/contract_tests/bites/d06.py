"""D06: clients that log their user out over their own configuration."""

from .shared.refreshed import DropsTokens, HasNoWordForIt, LogsOutOnEveryRefusal
from .table import Bite, Table

TABLE = Table(
    [
        Bite(LogsOutOnEveryRefusal, {"kind", "tokens-kept"}),
        Bite(HasNoWordForIt, {"kind"}),
        Bite(DropsTokens, {"tokens-kept"}),
    ],
)
