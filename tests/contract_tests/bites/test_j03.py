"""J03: clients that spend what they can't replace."""

from contextlib import nullcontext, suppress
from typing import Any

from .common_mistakes import KeepsTokensInMemory
from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class IgnoresItsStore(KeepsTokensInMemory):
    """Logs that saving failed, and goes on."""

    def save(self, user: User, stored: Message) -> None:
        """Save where that is possible."""
        super().save(user, stored)
        with suppress(Failure):
            ModelClient.save(self, user, stored)

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
