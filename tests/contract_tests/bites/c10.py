"""C10: clients that believe a status of 200."""

from .shared.exchanged import (
    HasNoWordForRefusals,
    HidesTheCode,
    LogsTheAnswer,
    QuotesTheAnswer,
    TakesAnything,
)
from .shared.stored import FlagsTokens, ForgetsTokens
from .table import Bite, Table

TABLE = Table(
    [
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(FlagsTokens, {"store-unchanged"}),
        Bite(TakesAnything, {"code-told", "kind", "store-unchanged"}),
        Bite(QuotesTheAnswer, {"not-shown"}),
        Bite(LogsTheAnswer, {"not-shown"}, apart=True),
        Bite(HidesTheCode, {"code-told"}),
        Bite(HasNoWordForRefusals, {"kind"}),
    ],
)
