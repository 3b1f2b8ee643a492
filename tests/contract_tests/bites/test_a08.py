"""A08: clients that take the start of a flow for its end, or never end it."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, Pending


class StoresBeforehand(ModelClient):
    """Stores an empty connection when the flow begins."""

    def op_begin(self, message: Message) -> Message:
        """Store it."""
        self.save(self.user("u1"), {"access_token": "", "refresh_token": None})
        return super().op_begin(message)

    def call(self, message: Message) -> Message:
        """Notice that nothing can be done with it."""
        if not (self.load(self.user("u1")) or {}).get("access_token"):
            raise Failure(Kind.REAUTH_REQUIRED, "not connected")
        return super().call(message)


class CallsUnconnected(ModelClient):
    """Reads a token that is not there."""

    def fresh(self, name: str, user: object) -> Message:
        """Expect it."""
        stored = self.load(self.user(name))
        return {"access_token": stored["access_token"]}  # type: ignore[index]


class WaitsForEver(ModelClient):
    """Keeps a flow until it is used."""

    def is_over(self, pending: Pending) -> bool:
        """Never say so."""
        del pending
        return False


class BeginsOnce(ModelClient):
    """Has one flow at a time, and goes on with the one that hangs."""

    def connect(self, name: str, url: str) -> Message:
        """Keep the old flow after a failure, and know no new one."""
        if getattr(self, "is_stuck", False):
            raise Failure(Kind.SECURITY_ERROR, "another flow is pending")
        try:
            return super().connect(name, url)
        except Failure:
            self.is_stuck = True
            raise


def test_connection_stored_beforehand_is_found(put: Put) -> None:
    """Nothing is stored before the tokens have come."""
    assert failed(put("A08", StoresBeforehand)) == {"nothing-stored"}


def test_crash_of_a_call_without_connection_is_found(put: Put) -> None:
    """The user has to be told what to do."""
    assert failed(put("A08", CallsUnconnected)) == {"reported"}


def test_flow_without_end_is_found(put: Put) -> None:
    """A state that works for ever is an old key that nobody looks for."""
    assert failed(put("A08", WaitsForEver)) == {"expires"}


def test_client_that_hangs_on_the_old_flow_is_found(put: Put) -> None:
    """The user tries again, and must get through."""
    assert failed(put("A08", BeginsOnce)) == {"recovers"}
