"""J02: clients that are killed while they save."""

import json
import time

import pytest

from .conftest import Put, failed
from .model_client import Message, ModelClient, User
from .test_j01 import SavesNoRefresh


class IsCaughtSaving(ModelClient):
    """Takes its time over the first refreshed pair: the suite kills it meanwhile."""

    def save(self, user: User, stored: Message) -> None:
        """Save, slowly where it is a refreshed pair."""
        known = None if not user.path.exists() else self.load(user)
        if known is not None and not user.path.with_suffix(".caught").exists():
            user.path.with_suffix(".caught").touch()
            self.save_partly(user, known, stored)
            time.sleep(3)
        super().save(user, stored)

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Do what a kill must not interrupt, and say that all is saved."""
        raise NotImplementedError

    def say_saved(self) -> None:
        """Say that the pair would survive a kill."""
        self.emit({"type": "event", "event": "token_saved", "user": "u1"})


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
        ModelClient.save(self, user, {**stored, "refresh_token": known["refresh_token"]})
        self.say_saved()


class SavesTheExpiryLast(IsCaughtSaving):
    """Saves both tokens, then when they are over."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Save the tokens."""
        ModelClient.save(self, user, {**stored, "expires_at": known["expires_at"]})
        self.say_saved()


class SavesNothingAndSaysNothing(SavesNoRefresh):
    """Sends no event, and goes on with what it has in memory only."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store it without a word."""
        self.emit = lambda event: None
        super().store_token(name, user, members, sent, sent_at)


class SaysSavedTooEarly(IsCaughtSaving):
    """Tells of tokens that wait for their being written."""

    def save_partly(self, user: User, known: Message, stored: Message) -> None:
        """Save nothing yet."""
        del user, known, stored
        self.say_saved()


def test_saving_told_too_early_is_found(put: Put) -> None:
    """A superseded token comes again."""
    assert failed(put("J02", SaysSavedTooEarly, apart=True)) == {"no-superseded-token"}


def test_torn_store_is_found(put: Put) -> None:
    """Half a file can't be read."""
    assert failed(put("J02", SavesInPlace, apart=True)) == {"store-whole", "works"}


@pytest.mark.parametrize("client", [SavesOneAfterTheOther, SavesTheExpiryLast])
def test_torn_pair_is_found(put: Put, client: type[ModelClient]) -> None:
    """New tokens beside old ones, or with the old expiry, don't belong together."""
    assert failed(put("J02", client, apart=True)) == {"pair-together"}


def test_next_request_says_that_a_pair_is_saved(put: Put) -> None:
    """A client without the event is held to what it has used."""
    result = put("J02", SavesNothingAndSaysNothing, apart=True)
    assert failed(result) == {"works", "no-superseded-token"}
