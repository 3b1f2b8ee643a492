"""H02: a client whose errors hold its settings."""

from ..model_client.operations import Operations
from ..model_client.values import Message
from .table import Bite, Table


class ShowsItsSettings(Operations):
    """Hands its settings to its exceptions, whose repr shows them."""

    def describe(self, error: Exception) -> Message:
        """Add the settings."""
        return {**super().describe(error), "repr": repr((error, self.config))}


TABLE = Table(
    [
        Bite(ShowsItsSettings, {"nothing-told"}),
    ],
)
