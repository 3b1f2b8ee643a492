"""J01: a client that keeps a refreshed pair in memory."""

from .common_mistakes import KeepsTokensInMemory
from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class SavesNoRefresh(KeepsTokensInMemory):
    """Saves what an authorization brings only."""

    def save(self, user: User, stored: Message) -> None:
        """Save the first time."""
        if ModelClient.load(self, user) is None:
            ModelClient.save(self, user, stored)
        super().save(user, stored)


def test_unsaved_refresh_is_found(put: Put) -> None:
    """The old refresh token comes again, in vain."""
    assert failed(put("J01", SavesNoRefresh)) == {
        "works",
        "newest-refresh-token",
    }
