"""C08: clients that expect a text."""

from ..model_client.operations import Operations
from ..model_client.values import Message
from .shared.careless import Disconnects, FlagsTheConnection
from .shared.exchanged import HasNoWordForRefusals, NamesEachAlike
from .table import Bite, Table


class PrintsObjects(Operations):
    """Joins an object to a text."""

    def describe(self, error: Exception) -> Message:
        """Show what a browser's language makes of it."""
        return {**super().describe(error), "message": "[object Object]"}


TABLE = Table(
    [
        Bite(NamesEachAlike, {"kind", "readable"}),
        Bite(HasNoWordForRefusals, {"kind"}),
        Bite(PrintsObjects, {"readable"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
