"""What all parts of the client have in common."""

from typing import TYPE_CHECKING

from .values import Message

if TYPE_CHECKING:
    from .client import ModelClient


class Part:
    """A part of the client, made anew for each configuration.

    No two parts have a method of the same name, so that a class can replace several at once.
    """

    def __init__(self, client: "ModelClient") -> None:
        self.client = client

    @property
    def config(self) -> Message:
        """What the client was configured with."""
        return self.client.config

    def now(self) -> float:
        """Give the client's time in Unix seconds."""
        return self.client.now()
