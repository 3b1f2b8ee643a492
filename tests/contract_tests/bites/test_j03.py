"""J03: clients that spend what they can't replace."""

from contextlib import nullcontext, suppress
from typing import Any

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class IgnoresItsStore(ModelClient):
    """Logs that saving failed, and goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.memory: dict[str, Message] = {}

    def load(self, user: User) -> Message | None:
        """Look into the memory first."""
        return self.memory.get(str(user.path)) or super().load(user)

    def save(self, user: User, stored: Message) -> None:
        """Save where that is possible."""
        self.memory[str(user.path)] = stored
        with suppress(Failure):
            super().save(user, stored)

    def probe(self, user: User) -> None:
        """Look at nothing."""

    def store_lock(self, user: User) -> Any:
        """Lock nothing."""
        return nullcontext()


class StaysBroken(ModelClient):
    """Never looks at a store again that once failed."""

    broken = False

    def load(self, user: User) -> Message | None:
        """Remember the failure."""
        if self.broken:
            user = User(path=user.path / "broken")
        self.broken = self.broken or not user.path.parent.is_dir()
        return super().load(user)


def test_spent_refresh_token_is_found(put: Put) -> None:
    """It is spent, and nothing is said."""
    assert failed(put("J03", IgnoresItsStore)) == {
        "kind",
        "refresh-token-unspent",
    }


def test_lasting_failure_is_found(put: Put) -> None:
    """The next call fails."""
    assert failed(put("J03", StaysBroken)) == {"works-after"}
