"""I07: a client with one token for all."""

from ..model_client.api_calls import ApiCalls
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.values import Answer, Message, User
from .shared.unhurried import TakesOneCommand
from .table import Bite, Table


class KnowsOneUser(Store):
    """Keeps its token in a global."""

    def user(self, name: str) -> User:
        """Give the same user to all."""
        return super().user("u1")


class SendsNothingFirst(Refreshing):
    """Sends a refresh token that nobody has, before each refresh."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send a placeholder, and look at no answer."""
        self.client.tokens.token_request({"grant_type": "refresh_token", "refresh_token": "none"})
        super().refresh_with(name, user, stored)


class CallsForTheFirst(ApiCalls):
    """Calls with the token of the user that was seen first."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Take the other token."""
        first = self.client.store.load(next(iter(self.client.store.users.values()))) or stored
        return super().api_request(method, path, message, first)


class TellsOfTheFirst(Operations):
    """Tells of the user that was seen first."""

    def told_state(self, user: User) -> Message:
        """Tell of another."""
        return super().told_state(next(iter(self.client.store.users.values())))


TABLE = Table(
    [
        Bite(KnowsOneUser, {"own-refresh", "own-store", "own-token"}),
        Bite(SendsNothingFirst, {"own-refresh"}),
        Bite(CallsForTheFirst, {"own-token"}),
        Bite(TellsOfTheFirst, {"own-store"}),
        # Its users take turns.
        Bite(TakesOneCommand),
    ],
)
