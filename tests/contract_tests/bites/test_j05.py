"""J05: clients that forget when they saved."""

from .common_mistakes import KeepsTokensInMemory
from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class CountsAnew(ModelClient):
    """Saves the lifetime, and counts it from each start."""

    def __init__(self) -> None:
        super().__init__()
        self.started = self.now()

    def load(self, user: User) -> Message | None:
        """Count from the start."""
        stored = super().load(user)
        if stored is not None and stored.get("lifetime"):
            stored["expires_at"] = self.started + stored["lifetime"]
        return stored


def test_expiry_counted_anew_is_found(put: Put) -> None:
    """It moves with the restart."""
    assert failed(put("J05", CountsAnew)) == {"expiry-absolute"}


def test_lost_token_is_found(put: Put) -> None:
    """It is gone."""
    assert failed(put("J05", KeepsTokensInMemory)) == {"token-kept"}
