"""B02: clients that a callback can be played to twice."""

from collections.abc import Mapping

import pytest

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, Pending, User


class KeepsTheFlow(ModelClient):
    """Forgets no flow, so that its callback works again and again."""

    def connect(self, name: str, url: str) -> Message:
        """Put the flow back."""
        pending = self.user(name).pending
        try:
            return super().connect(name, url)
        finally:
            self.user(name).pending = pending


class ForgetsTheFlowLate(ModelClient):
    """Forgets the flow once its tokens are there, which is too late for a race."""

    def connect(self, name: str, url: str) -> Message:
        """Leave the flow in its place until the tokens are stored."""
        user, pairs = self.user(name), self.pairs_of(url)
        pending = self.check_callback(user, pairs)
        members = self.read_tokens(self.exchange(dict(pairs)["code"], pending))
        self.store_token(name, user, members, None, self.now())
        user.pending = None
        return {}


class CrashesOverTheSecond(ModelClient):
    """Expects a flow."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Expect it."""
        user.pending.state  # type: ignore[union-attr]  # noqa: B018
        return super().check_state(user, given)


class NotesTheSecond(ModelClient):
    """Notes the second callback beside the tokens."""

    def connect(self, name: str, url: str) -> Message:
        """Overwrite what was stored."""
        try:
            return super().connect(name, url)
        except Failure:
            user = self.user(name)
            self.save(user, {**(self.load(user) or {}), "scope": "none"})
            raise


REPLAYED = {"code-once", "second-refused", "session-works"}


def test_flow_that_is_kept_is_found(put: Put) -> None:
    """The second token request revokes the first one's token, as Doorkeeper 6 does it."""
    assert failed(put("B02", KeepsTheFlow)) == {"code-once", "second-refused", "session-works"}


def test_race_is_found(put: Put) -> None:
    """One after the other, all looks well."""
    assert failed(put("B02", ForgetsTheFlowLate)) == {
        "code-once",
        "second-refused",
        "session-works",
    }


def test_code_sent_with_the_second_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B02", SendsSomethingAnyway)) == {"code-once"}


def test_crash_over_the_second_is_found(put: Put) -> None:
    """A user who presses reload is no bug."""
    assert failed(put("B02", CrashesOverTheSecond)) == {"second-refused"}


@pytest.mark.parametrize(
    ("client", "checks"),
    [
        (Disconnects, {"session-kept", "session-works"}),
        (NotesTheSecond, {"session-kept"}),
    ],
)
def test_session_touched_by_the_second_is_found(
    put: Put, client: type[ModelClient], checks: set[str]
) -> None:
    """The first callback's session goes on."""
    assert failed(put("B02", client)) == checks
