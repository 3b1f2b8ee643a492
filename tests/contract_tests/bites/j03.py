"""J03: clients that spend what they can't replace."""

import ctypes
import signal
from contextlib import nullcontext, suppress
from typing import Any

from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.part import Part
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


class ForgetsWhatItSpent(SpendsFirst):
    """Spends first, and deletes the old pair where the new one can't be saved."""

    def save(self, user: User, stored: Message) -> None:
        """Delete what is spent."""
        try:
            super().save(user, stored)
        except Failure:
            with suppress(OSError):
                user.path.unlink()
            raise


class ProbesWithNothing(Store):
    """Takes a folder in which it can make a file for one with room."""

    def probe(self, user: User) -> None:
        """Make an empty file."""
        with self.draft(user, b""):
            pass


class TakesSavingForDone(KeepsTokensInMemory):
    """Looks for room first, and then logs that saving failed, and goes on."""

    def save(self, user: User, stored: Message) -> None:
        """Save where that is possible."""
        super().save(user, stored)
        with suppress(Failure):
            Store.save(self, user, stored)


class LeavesSignalsAlone(Part):
    """Is ended by the signal of a file size limit, which no full disk sends."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        ctypes.CDLL(None).signal(signal.SIGXFSZ, 0)


TABLE = Table(
    [
        Bite((), apart=True),
        Bite(LeavesSignalsAlone, apart=True),
        Bite(IgnoresItsStore, {"kind", "ok-means-saved", "refresh-token-unspent"}),
        Bite(StaysBroken, {"works-after"}),
        Bite(CallsItAnAnswer, {"kind"}),
        Bite(SpendsFirst, {"refresh-token-unspent"}),
        Bite(SpendsFirst, {"refresh-token-unspent", "spent-not-sent"}, apart=True),
        Bite(ForgetsWhatItSpent, {"refresh-token-unspent"}, apart=True),
        Bite(ProbesWithNothing, {"refresh-token-unspent", "spent-not-sent"}, apart=True),
        Bite(TakesSavingForDone, {"ok-means-saved"}),
        Bite(TakesSavingForDone, {"kind", "ok-means-saved"}, apart=True),
    ],
    follows={
        # Only what was spent can be sent again.
        "spent-not-sent": {"refresh-token-unspent"},
    },
)
