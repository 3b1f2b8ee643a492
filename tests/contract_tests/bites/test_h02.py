"""H02: a client whose errors hold its settings."""

from .conftest import Put, failed
from .model_client import Message, ModelClient


class ShowsItsSettings(ModelClient):
    """Hands its settings to its exceptions, whose repr shows them."""

    def describe(self, error: Exception) -> Message:
        """Add the settings."""
        return {**super().describe(error), "repr": repr((error, self.config))}


def test_told_secrets_are_found(put: Put) -> None:
    """The repr is read."""
    assert failed(put("H02", ShowsItsSettings)) == {"nothing-told"}
