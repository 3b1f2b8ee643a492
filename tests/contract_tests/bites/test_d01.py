"""D01: clients that lose the newest refresh token."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class KeepsTheFirst(ModelClient):
    """Updates the access token only, as an SQL UPDATE does that forgets a column."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Keep the refresh token that was sent."""
        super().store_token(name, user, {**members, "refresh_token": sent}, sent, sent_at)


class SavesTheFirstOnly(ModelClient):
    """Holds the newest tokens in memory, and saves those of the first connection."""

    memory: Message

    def configure(self, config: Message) -> None:
        """Forget all."""
        super().configure(config)
        self.memory = {}

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


class TakesRotationForTheft(ModelClient):
    """Stores the new refresh token, and refuses to go on because it is another."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Refuse."""
        super().store_token(name, user, members, sent, sent_at)
        if members.get("refresh_token") != sent:
            raise Failure(Kind.SECURITY_ERROR, "the refresh token was replaced")


class NeverRefreshes(ModelClient):
    """Crashes before it sends a refresh."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Crash."""
        raise KeyError(name)


BROKEN = {
    NeverRefreshes: {"works"},
    KeepsTheFirst: {"works", "newest-sent", "newest-stored"},
    SavesTheFirstOnly: {"newest-stored"},
    TakesRotationForTheft: {"works"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_lost_refresh_token_is_found(put: Put, client: type[ModelClient]) -> None:
    """The checks name what is lost, and where."""
    assert failed(put("D01", client)) == BROKEN[client]
