"""J05: clients that forget when they saved."""

from ..model_client.client import ModelClient
from ..model_client.store import Store
from ..model_client.values import Message, User
from .shared.exchanged import StumblesOverSuccess
from .shared.stored import KeepsTokensInMemory
from .table import Bite, Table


class CountsAnew(Store):
    """Saves the lifetime, and counts it from each start."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.started = self.now()

    def load(self, user: User) -> Message | None:
        """Count from the start."""
        stored = super().load(user)
        if stored is not None and stored.get("lifetime"):
            stored["expires_at"] = self.started + stored["lifetime"]
        return stored


TABLE = Table(
    [
        Bite(CountsAnew, {"expiry-absolute"}),
        Bite(KeepsTokensInMemory, {"token-kept"}),
        Bite(StumblesOverSuccess, {"token-kept"}),
    ],
)
