"""B02: clients that a callback can be played to twice."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.callbacks import Callbacks
from ..model_client.values import Failure, Message, Pending, User
from .shared.careless import Disconnects, FlagsTheConnection, SendsSomethingAnyway
from .table import Bite, Table


class KeepsTheFlow(Callbacks):
    """Forgets no flow: a code that comes again revokes the tokens that it brought at first."""

    def connect(self, name: str, url: str) -> Message:
        """Put the flow back."""
        pending = self.client.store.user(name).pending
        try:
            return super().connect(name, url)
        finally:
            self.client.store.user(name).pending = pending


class ForgetsTheFlowLate(Callbacks):
    """Forgets the flow once its tokens are there, which is too late for a race."""

    def connect(self, name: str, url: str) -> Message:
        """Leave the flow in its place until the tokens are stored."""
        user, pairs = self.client.store.user(name), self.pairs_of(url)
        pending = self.check_callback(user, pairs)
        answer = self.client.tokens.exchange(dict(pairs)["code"], pending)
        members = self.client.tokens.read_tokens(answer)
        self.client.store.store_token(name, user, members, None, self.now())
        user.pending = None
        return {}


class CrashesOverTheSecond(Callbacks):
    """Expects a flow."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Expect it."""
        if user.pending is None:
            raise AttributeError("'NoneType' object has no attribute 'state'")
        return super().check_state(user, given)


class NotesTheSecond(Callbacks):
    """Notes the second callback beside the tokens."""

    def connect(self, name: str, url: str) -> Message:
        """Overwrite what was stored."""
        try:
            return super().connect(name, url)
        except Failure:
            user = self.client.store.user(name)
            self.client.store.save(user, {**(self.client.store.load(user) or {}), "scope": "none"})
            raise


class RefusesCallsAfterACallback(Callbacks, ApiCalls):
    """Takes a callback that failed for the end of the session, and changes no token."""

    is_locked = False

    def connect(self, name: str, url: str) -> Message:
        """Lock."""
        try:
            return super().connect(name, url)
        except Failure:
            self.is_locked = True
            raise

    def call(self, message: Message) -> Message:
        """Refuse."""
        if self.is_locked:
            raise Failure(Kind.SECURITY_ERROR, "locked")
        return super().call(message)


TABLE = Table(
    [
        Bite(KeepsTheFlow, {"code-once", "second-refused", "session-works"}),
        Bite(ForgetsTheFlowLate, {"code-once", "second-refused", "session-works"}),
        Bite(SendsSomethingAnyway, {"code-once"}),
        Bite(CrashesOverTheSecond, {"second-refused"}),
        Bite(Disconnects, {"session-kept", "session-works"}),
        Bite(NotesTheSecond, {"session-kept"}),
        Bite(FlagsTheConnection, {"session-kept", "session-works"}),
        Bite(RefusesCallsAfterACallback, {"session-works"}),
    ],
)
