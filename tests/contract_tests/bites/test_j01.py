"""J01: a client that keeps a refreshed pair in memory."""

from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class SavesNoRefresh(ModelClient):
    """Saves what an authorization brings only."""

    def __init__(self) -> None:
        super().__init__()
        self.memory: dict[str, Message] = {}

    def load(self, user: User) -> Message | None:
        """Look into the memory first."""
        return self.memory.get(str(user.path)) or super().load(user)

    def save(self, user: User, stored: Message) -> None:
        """Save the first time."""
        if super().load(user) is None:
            super().save(user, stored)
        self.memory[str(user.path)] = stored


def test_unsaved_refresh_is_found(put: Put) -> None:
    """The old refresh token comes again, in vain."""
    assert failed(put("J01", SavesNoRefresh)) == {
        "works",
        "newest-refresh-token",
    }
