"""A08: clients that take the start of a flow for its end, or never end it."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.callbacks import Callbacks
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Failure, Message, Pending, User
from .table import Bite, Table


class StoresBeforehand(Operations, ApiCalls):
    """Stores an empty connection when the flow begins."""

    def op_begin(self, message: Message) -> Message:
        """Store it."""
        user = self.user_of(message)
        if self.client.store.load(user) is None:
            self.client.store.save(user, {"access_token": "", "refresh_token": None})
        return super().op_begin(message)

    def call(self, message: Message) -> Message:
        """Notice that nothing can be done with it."""
        if not (self.client.store.load(self.client.store.user("u1")) or {}).get("access_token"):
            raise Failure(Kind.REAUTH_REQUIRED, "not connected")
        return super().call(message)


class BeginsFromNothing(Operations):
    """Ends the session that there is when a flow begins."""

    def op_begin(self, message: Message) -> Message:
        """Delete the tokens."""
        self.user_of(message).path.unlink(missing_ok=True)
        return super().op_begin(message)


class WaitsForItsUser(Operations, Refreshing):
    """Knows no connection but the one that is being made."""

    def op_begin(self, message: Message) -> Message:
        """Flag the one that there is."""
        user = self.user_of(message)
        if stored := self.client.store.load(user):
            self.client.store.save(user, {**stored, "needs_reauth": True})
        return super().op_begin(message)

    def fresh(self, name: str, user: User) -> Message:
        """Overlook the flag."""
        stored = self.client.store.load(user)
        if stored is None:
            raise Failure(Kind.REAUTH_REQUIRED, "not connected")
        return stored


class CallsUnconnected(Refreshing):
    """Reads a token that is not there."""

    def fresh(self, name: str, user: object) -> Message:
        """Expect it."""
        stored = self.client.store.load(self.client.store.user(name)) or {}
        return {"access_token": stored["access_token"]}


class WaitsForEver(Callbacks):
    """Keeps a flow until it is used: a state for ever is an old key that nobody looks for."""

    def is_over(self, pending: Pending) -> bool:
        """Never say so."""
        del pending
        return False


class BeginsOnce(Callbacks):
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


TABLE = Table(
    [
        Bite(StoresBeforehand, {"nothing-stored"}),
        Bite(CallsUnconnected, {"reported"}),
        Bite(WaitsForEver, {"expires"}),
        Bite(BeginsOnce, {"recovers"}),
        Bite(BeginsFromNothing, {"connection-kept"}),
        Bite(WaitsForItsUser, {"connection-kept"}),
    ],
)
