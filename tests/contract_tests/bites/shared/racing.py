"""What makes parallel calls meet for sure, so that no test depends on who comes first."""

import threading

from ...model_client.client import ModelClient
from ...model_client.operations import Operations
from ...model_client.refreshing import Refreshing
from ...model_client.values import Message

LONGEST_SECONDS = 10.0


class LooksAtOnce(Operations, Refreshing):
    """Has all calls of a command look at the stored token before any of them goes on."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.seen = threading.local()
        self.gate = threading.Barrier(1)

    def op_call(self, message: Message) -> Message:
        """Set up a gate for so many."""
        self.gate = threading.Barrier(message.get("parallel") or 1)
        return super().op_call(message)

    def is_due(self, stored: Message) -> bool:
        """Keep what is stored in `seen`, wait for the others, and draw a turn from 0 on."""
        self.seen.stored = stored
        due = super().is_due(stored)
        self.seen.turn = self.gate.wait(LONGEST_SECONDS)
        return due
