"""What is right, and does one thing after the other."""

from typing import ClassVar

from ...model_client.client import ModelClient
from ...model_client.offer import Offer
from ...model_client.operations import Operations
from ...model_client.values import Message


class TakesOneCommand(Offer, Operations):
    """Can't take a command, or be configured, while another command is under way."""

    features: ClassVar[Message] = {**Offer.features, "parallel": False}
    busy: ClassVar[set[ModelClient]] = set()

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        assert client not in self.busy

    def command(self, message: Message) -> Message:
        """Fail where two come at once."""
        assert self.client not in self.busy
        self.busy.add(self.client)
        try:
            return super().command(message)
        finally:
            self.busy.discard(self.client)
