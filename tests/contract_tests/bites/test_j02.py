"""J02: clients that are killed while they save."""

import json
import time

from .conftest import Put, failed
from .model_client import Message, ModelClient, User


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
        pair = {**stored, "refresh_token": known["refresh_token"]}
        user.path.write_text(json.dumps(pair))
        self.say_saved()


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


def test_torn_pair_is_found(put: Put) -> None:
    """A new access token beside an old refresh token is no pair."""
    assert failed(put("J02", SavesOneAfterTheOther, apart=True)) == {"pair-together"}
