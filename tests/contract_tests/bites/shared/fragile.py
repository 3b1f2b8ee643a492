"""What broken connections bring down."""

from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.client import ModelClient
from ...model_client.operations import Operations
from ...model_client.sending import Sending
from ...model_client.values import Failure, Message

ASKING = ("call", "refresh", "callback")


class WaitsShortly(Sending):
    """Waits for no answer long, so that a test with a hanging server is quick."""

    def read_seconds(self) -> float:
        """Wait shortly."""
        return 2.0


class LetsErrorsThrough(Sending):
    """Has no word for what its HTTP library raises."""

    def lost(self, error: Exception) -> Failure:
        """Raise it on."""
        raise error


class LogsOutOnFailure(Operations):
    """Takes any failure for the end of the session."""

    def command(self, message: Message) -> Message:
        """Flag the user."""
        reply = super().command(message)
        if message.get("op") in ASKING and reply["kind"] != Kind.OK:
            store, user = self.client.store, self.user_of(message)
            store.save(user, {**(store.load(user) or {}), "needs_reauth": True})
        return reply


class StaysDown(Operations):
    """Never comes back after a failure, like one with a broken pool or a lock that is held."""

    down: ClassVar[set[ModelClient]] = set()
    """Who is down: a new configuration within a case does not mend it."""

    def command(self, message: Message) -> Message:
        """Fail until the case is over."""
        if message["type"] == "end_case":
            self.down.discard(self.client)
        if message.get("op") not in ASKING:
            return super().command(message)
        if self.client in self.down:
            return {"kind": Kind.TRANSPORT_ERROR}
        reply = super().command(message)
        if reply["kind"] != Kind.OK:
            self.down.add(self.client)
        return reply


class Impatient(Sending):
    """Gives up soon, so that a test is short."""

    def read_seconds(self) -> float:
        """Wait half a second."""
        return 0.5

    def total_seconds(self) -> float:
        """Wait a little longer in all."""
        return 0.7


class HasNoWord(Impatient, LetsErrorsThrough):
    """Raises what its HTTP library raises."""


class LogsOut(Impatient, LogsOutOnFailure):
    """Takes a time-out for the end of the session."""


class StaysAway(Impatient, StaysDown):
    """Never comes back."""


class SaysItIsOver(Operations):
    """Reports a grant as dead after any failure, and goes on with it."""

    was_lost = False

    def command(self, message: Message) -> Message:
        """Remember how the last operation ended."""
        reply = super().command(message)
        if message.get("op") in ASKING:
            self.was_lost = reply["kind"] != Kind.OK
        return {**reply, "needs_reauth": self.was_lost} if message.get("op") == "state" else reply


class SaysItIsOverSoon(Impatient, SaysItIsOver):
    """The same with short time-outs."""
