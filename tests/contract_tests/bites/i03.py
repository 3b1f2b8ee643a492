"""I03: clients that go on with what they had before they waited."""

import threading

from ..model_client.api_calls import ApiCalls
from ..model_client.client import ModelClient
from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Message, User
from .shared.racing import LONGEST_SECONDS, LooksAtOnce
from .table import Bite, Table


class SendsWhatItHad(LooksAtOnce):
    """Reads the refresh token before it takes the lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Wait, then send."""
        with user.lock:
            self.refresh_with(name, user, self.seen.stored)
        return {}


class CallsWithWhatItHad(Refreshing):
    """Refreshes, and calls with the access token that it has in hand."""

    def fresh(self, name: str, user: User) -> Message:
        """Give the token from before the refresh."""
        stored = self.client.store.load(user) or {}
        super().fresh(name, user)
        return stored


class GoesBy401(LooksAtOnce, ApiCalls):
    """Sends every token, one call when the others have refreshed, and refreshes when refused."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.is_refreshed = threading.Event()

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and say so."""
        super().refresh_with(name, user, stored)
        self.is_refreshed.set()

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send; the slow one is late."""
        if self.seen.turn == 0:
            self.is_refreshed.wait(LONGEST_SECONDS)
        return super().api_request(method, path, message, stored)

    def is_due(self, stored: Message) -> bool:
        """Look at no clock."""
        super().is_due(stored)
        return False


class GoesByTwo401(GoesBy401):
    """Believes the second 401 only."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send once more."""
        answer = super().api_request(method, path, message, stored)
        if answer.status == 401:
            return super().api_request(method, path, message, stored)
        return answer


TABLE = Table(
    [
        Bite(GoesByTwo401, {"old-access-token"}),
        Bite(SendsWhatItHad, {"old-refresh-token"}),
        Bite(CallsWithWhatItHad, {"old-access-token"}),
        # It has no other way to know, and each call finds out for itself.
        Bite(GoesBy401),
    ],
)
