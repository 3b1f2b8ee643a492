"""Clients that are right, and do one thing after the other."""

from typing import ClassVar

from .model_client import Message, ModelClient


class TakesOneCommand(ModelClient):
    """Can't take a command, or be configured, while another command is under way."""

    features: ClassVar[Message] = {**ModelClient.features, "parallel": False}
    is_busy = False

    def command(self, message: Message) -> Message:
        """Fail where two come at once."""
        assert not self.is_busy
        self.is_busy = True
        try:
            return super().command(message)
        finally:
            self.is_busy = False
