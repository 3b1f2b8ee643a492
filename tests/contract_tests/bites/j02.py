"""J02: clients that are killed while they save."""

import json
import time
from abc import ABC, abstractmethod
from pathlib import Path

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.part import Part
from ..model_client.store import Store
from ..model_client.values import Failure, Message, User
from .shared.stored import KeepsTokensInMemory, SavesNoRefresh
from .table import Bite, Table


class IsCaughtSaving(Store, ABC):
    """Takes its time over the first refreshed pair: the suite kills it meanwhile."""

    def save(self, user: User, stored: Message) -> None:
        """Save, slowly where it is a refreshed pair."""
        known = None if not user.path.exists() else self.load(user)
        if known is not None and not user.path.with_suffix(".caught").exists():
            user.path.with_suffix(".caught").touch()
            self.save_partly(user, known, stored)
            time.sleep(3)
        super().save(user, stored)

    @abstractmethod
    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Do what a kill must not interrupt, and say that all is saved."""

    def say_saved(self) -> None:
        """Say that the pair would survive a kill."""
        self.client.emit({"type": "event", "event": "token_saved", "user": "u1"})


class SavesInPlace(IsCaughtSaving):
    """Overwrites its file piece by piece."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Write a beginning."""
        del known
        user.path.write_text(json.dumps(stored)[:20])
        self.say_saved()


class SavesOneAfterTheOther(IsCaughtSaving):
    """Saves the access token, then the refresh token."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Save the first of the two."""
        Store.save(self, user, {**stored, "refresh_token": known["refresh_token"]})
        self.say_saved()


class SavesTheExpiryLast(IsCaughtSaving):
    """Saves both tokens, then when they are over."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Save the tokens."""
        Store.save(self, user, {**stored, "expires_at": known["expires_at"]})
        self.say_saved()


class SavesNothingAndSaysNothing(SavesNoRefresh):
    """Sends no event, and goes on with what it has in memory only."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store it without a word."""
        self.client.emit = lambda event: None
        super().store_token(name, user, members, sent, sent_at)


class SaysSavedTooEarly(IsCaughtSaving):
    """Tells of tokens that wait for their being written."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Save nothing yet."""
        del user, known, stored
        self.say_saved()


class SavesWhatHasWorked(KeepsTokensInMemory, ApiCalls):
    """Saves a refreshed pair when the call that needed it has succeeded."""

    def save(self, user: User, stored: Message) -> None:
        """Keep what is new, and save what is the first."""
        super().save(user, stored)
        if not user.path.exists():
            Store.save(self, user, stored)

    def fetch(self, message: Message) -> tuple[int, object]:
        """Save afterwards."""
        fetched = super().fetch(message)
        user = self.client.operations.user_of(message)
        Store.save(self, user, self.load(user) or {})
        self.client.emit({"type": "event", "event": "token_saved", "user": "u1"})
        return fetched

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Say nothing yet."""
        emit, self.client.emit = self.client.emit, lambda event: None
        super().store_token(name, user, members, sent, sent_at)
        self.client.emit = emit


class NoticesARestart(Part):
    """Knows when it finds tokens that it has not saved."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.was_restarted = any(Path(self.config["store_dir"]).iterdir())


class CallsNothingAfterARestart(NoticesARestart, ApiCalls):
    """Can't call with tokens from before."""

    def call(self, message: Message) -> Message:
        """Refuse."""
        if self.was_restarted:
            raise Failure(Kind.PROTOCOL_ERROR, "from another time")
        return super().call(message)


class TellsNothingAfterARestart(NoticesARestart, Operations):
    """Can't tell of tokens from before."""

    def told_state(self, user: User) -> Message:
        """Tell of none."""
        if self.was_restarted:
            return {"token": None, "needs_reauth": False}
        return super().told_state(user)


TABLE = Table(
    [
        Bite(SaysSavedTooEarly, {"no-superseded-token"}, apart=True),
        Bite(SavesWhatHasWorked, {"no-superseded-token", "works"}, apart=True),
        Bite(SavesInPlace, {"store-whole", "works"}, apart=True),
        Bite(SavesOneAfterTheOther, {"pair-together"}, apart=True),
        Bite(SavesTheExpiryLast, {"pair-together"}, apart=True),
        Bite(SavesNothingAndSaysNothing, {"no-superseded-token", "works"}, apart=True),
        Bite(CallsNothingAfterARestart, {"works"}, apart=True),
        Bite(TellsNothingAfterARestart, {"store-whole"}, apart=True),
    ],
)
