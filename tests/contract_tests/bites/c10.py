"""C10: clients that believe a status of 200."""

from .shared.exchanged import HasNoWordForRefusals, HidesTheCode, TakesAnything
from .shared.stored import ForgetsTokens
from .table import Bite, Table

TABLE = Table(
    [
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(TakesAnything, {"code-told", "kind", "store-unchanged"}),
        Bite(HidesTheCode, {"code-told"}),
        Bite(HasNoWordForRefusals, {"kind"}),
    ],
)
