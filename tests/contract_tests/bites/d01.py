"""D01: clients that lose the newest refresh token."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.values import Failure, Message, User
from .table import Bite, Table


class KeepsTheFirst(Store):
    """Updates the access token only, as an SQL UPDATE does that forgets a column."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Keep the refresh token that was sent."""
        super().store_token(name, user, {**members, "refresh_token": sent}, sent, sent_at)


class SavesTheFirstOnly(Operations, Store):
    """Holds the newest tokens in memory, and saves those of the first connection."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.memory: dict[str, Message] = {}

    def save(self, user: User, stored: Message) -> None:
        """Save once."""
        self.memory[str(user.path)] = stored
        if not user.path.exists():
            super().save(user, stored)

    def load(self, user: User) -> Message | None:
        """Read from memory."""
        return self.memory.get(str(user.path)) or super().load(user)

    def op_state(self, message: Message) -> Message:
        """Tell what is saved."""
        memory, self.memory = self.memory, {}
        told = super().op_state(message)
        self.memory = memory
        return told


class TakesRotationForTheft(Store):
    """Stores the new refresh token, and refuses to go on because it is another."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Refuse."""
        super().store_token(name, user, members, sent, sent_at)
        if members.get("refresh_token") != sent:
            raise Failure(Kind.SECURITY_ERROR, "the refresh token was replaced")


class NeverRefreshes(Refreshing):
    """Crashes before it sends a refresh."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Crash."""
        raise KeyError(name)


class RefreshesWhenDueOnly(Operations):
    """Says that it has refreshed, and left a token alone that is good for some time."""

    def op_refresh(self, message: Message) -> Message:
        """Refresh what is due."""
        name, user = message.get("user", "u1"), self.user_of(message)
        return self.report(lambda: self.client.refreshing.fresh(name, user) and {})


TABLE = Table(
    [
        Bite(NeverRefreshes, {"works"}),
        Bite(KeepsTheFirst, {"newest-sent", "newest-stored", "works"}),
        Bite(SavesTheFirstOnly, {"newest-stored"}),
        Bite(TakesRotationForTheft, {"works"}),
        Bite(RefreshesWhenDueOnly, {"newest-sent", "reply-fits-journal"}),
    ],
    follows={
        # The server refuses a replaced refresh token, so that no newer one comes.
        "newest-sent": {"newest-stored", "works"},
    },
)
