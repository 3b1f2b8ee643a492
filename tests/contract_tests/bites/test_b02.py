"""B02: clients that a callback can be played to twice."""

from collections.abc import Mapping

import pytest
from livestorm_contract_tests.adapter import Kind

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

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Hand out a copy, so that the flow stays."""
        pending = super().check_callback(user, pairs)
        self.held = pending
        return pending

    def connect(self, name: str, url: str) -> Message:
        """Put the flow back until the exchange is over."""
        user = self.user(name)
        with user.lock:
            flow = self.check_callback(user, self.pairs_of(url))
        self.finish(name, user, flow, url)
        user.pending = None
        return {}

    def finish(self, name: str, user: User, flow: Pending, url: str) -> None:
        """Exchange and store."""
        code = dict(self.pairs_of(url))["code"]
        members = self.read_tokens(self.exchange(code, flow))
        self.store_token(name, user, members, None, self.now())


class CrashesOverTheSecond(ModelClient):
    """Expects a flow."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Expect it."""
        user.pending.state  # type: ignore[union-attr]  # noqa: B018
        return super().check_state(user, given)


class LogsOutOverTheSecond(ModelClient):
    """Ends the session where something looks like an attack."""

    def connect(self, name: str, url: str) -> Message:
        """End it."""
        try:
            return super().connect(name, url)
        except Failure as failure:
            if failure.kind is Kind.SECURITY_ERROR:
                self.user(name).path.unlink(missing_ok=True)
            raise


class RefreshesOverTheSecond(ModelClient):
    """Tries what it has where a callback is not for it."""

    def connect(self, name: str, url: str) -> Message:
        """Mangle the access token that is stored."""
        try:
            return super().connect(name, url)
        except Failure:
            user = self.user(name)
            stored = self.load(user) or {}
            self.save(user, {**stored, "scope": "none"})
            raise


def test_flow_that_is_kept_is_found(put: Put) -> None:
    """The second code request revokes the first one's token, as Doorkeeper 6 does it."""
    assert failed(put("B02", KeepsTheFlow)) >= {"code-once", "second-refused"}


def test_race_is_found(put: Put) -> None:
    """One after the other, all looks well."""
    assert failed(put("B02", ForgetsTheFlowLate)) >= {"code-once", "second-refused"}


def test_crash_over_the_second_is_found(put: Put) -> None:
    """A user who presses reload is no bug."""
    assert failed(put("B02", CrashesOverTheSecond)) == {"second-refused"}


@pytest.mark.parametrize(
    ("client", "checks"),
    [
        (LogsOutOverTheSecond, {"session-kept", "session-works"}),
        (RefreshesOverTheSecond, {"session-kept"}),
    ],
)
def test_session_touched_by_the_second_is_found(
    put: Put, client: type[ModelClient], checks: set[str]
) -> None:
    """The first callback's session goes on."""
    assert failed(put("B02", client)) == checks
