"""C07: clients that lose the code of an error."""

from .shared.careless import Disconnects, FlagsTheConnection
from .shared.exchanged import AsksAgain, HasNoWordForRefusals, HidesTheCode, NamesEachAlike
from .table import Bite, Table

TABLE = Table(
    [
        Bite(NamesEachAlike, {"code-told", "kind"}),
        Bite(AsksAgain, {"not-repeated"}),
        Bite(HasNoWordForRefusals, {"kind"}),
        Bite(HidesTheCode, {"code-told"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
