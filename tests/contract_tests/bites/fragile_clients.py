"""Clients that broken connections bring down, as several cases find."""

from livestorm_contract_tests.driving.kinds import Kind

from .model_client import Failure, Message, ModelClient

_ASKING = ("call", "refresh", "callback")


class LetsErrorsThrough(ModelClient):
    """Has no word for what its HTTP library raises."""

    def lost(self, error: Exception) -> Failure:
        """Raise it on."""
        raise error


class LogsOutOnFailure(ModelClient):
    """Takes any failure for the end of the session."""

    def command(self, message: Message) -> Message:
        """Flag the user."""
        reply = super().command(message)
        if message.get("op") in _ASKING and reply["kind"] != Kind.OK:
            user = self.user(message.get("user", "u1"))
            self.save(user, {**(self.load(user) or {}), "needs_reauth": True})
        return reply


class StaysDown(ModelClient):
    """Never comes back after a failure, like one with a broken pool or a lock that is held."""

    is_down = False

    def command(self, message: Message) -> Message:
        """Fail until the case is over."""
        self.is_down = self.is_down and message["type"] != "end_case"
        if message.get("op") not in _ASKING:
            return super().command(message)
        reply = super().command(message) if not self.is_down else {"kind": Kind.TRANSPORT_ERROR}
        self.is_down = self.is_down or reply["kind"] != Kind.OK
        return reply


class Impatient(ModelClient):
    """Gives up soon, so that a test is short."""

    def read_seconds(self) -> float:
        """Wait half a second."""
        return 0.5

    def total_seconds(self) -> float:
        """Wait a little longer in all."""
        return 0.7
