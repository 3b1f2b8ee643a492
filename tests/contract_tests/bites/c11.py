"""C11: clients that find a token where there is none, or lose one over it."""

from .shared.exchanged import HasNoWordForRefusals, TakesAnything
from .shared.stored import FlagsTokens, ForgetsTokens
from .table import Bite, Table

TABLE = Table(
    [
        Bite(TakesAnything, {"kind", "store-unchanged"}),
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(FlagsTokens, {"store-unchanged"}),
        Bite(HasNoWordForRefusals, {"kind"}),
    ],
)
