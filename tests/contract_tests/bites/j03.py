"""J03: clients that spend what they can't replace."""

from contextlib import nullcontext, suppress
from typing import Any

from ..model_client.operations import Operations
from ..model_client.store import Store
from ..model_client.values import Failure, Message, User
from .shared.stored import KeepsTokensInMemory
from .table import Bite, Table


class IgnoresItsStore(KeepsTokensInMemory):
    """Logs that saving failed, and goes on."""

    def save(self, user: User, stored: Message) -> None:
        """Save where that is possible."""
        super().save(user, stored)
        with suppress(Failure):
            Store.save(self, user, stored)

    def probe(self, user: User) -> None:
        """Look at nothing."""

    def store_lock(self, user: User) -> Any:
        """Lock nothing."""
        return nullcontext()


class StaysBroken(Store):
    """Never looks at a store again that once failed."""

    broken = False

    def load(self, user: User) -> Message | None:
        """Remember the failure."""
        if self.broken:
            user = User(path=user.path / "broken")
        self.broken = self.broken or not user.path.parent.is_dir()
        return super().load(user)


class CallsItAnAnswer(Operations):
    """Has another word for a store that fails."""

    def report(self, operation: Any) -> Message:
        """Rename the failure."""
        reply = super().report(operation)
        return {**reply, "kind": "protocol_error"} if reply["kind"] == "config_error" else reply


class SpendsFirst(KeepsTokensInMemory):
    """Finds out that it can't save when the refresh token is spent, and keeps the new pair."""

    def save(self, user: User, stored: Message) -> None:
        """Keep it in memory too."""
        super().save(user, stored)
        Store.save(self, user, stored)

    def probe(self, user: User) -> None:
        """Look at nothing."""

    def store_lock(self, user: User) -> Any:
        """Lock within the process."""
        return user.lock


TABLE = Table(
    [
        Bite(IgnoresItsStore, {"kind", "refresh-token-unspent"}),
        Bite(StaysBroken, {"works-after"}),
        Bite(CallsItAnAnswer, {"kind"}),
        Bite(SpendsFirst, {"refresh-token-unspent"}),
    ],
)
