"""I03: clients that go on with what they had before they waited."""

import threading

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, User
from .racing_clients import LONGEST_SECONDS, LooksAtOnce


class SendsWhatItHad(LooksAtOnce):
    """Reads the refresh token before it takes the lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Wait, then send."""
        with user.lock:
            self.refresh_with(name, user, self.seen.stored)
        return {}


class CallsWithWhatItHad(ModelClient):
    """Refreshes, and calls with the access token that it has in hand."""

    def fresh(self, name: str, user: User) -> Message:
        """Give the token from before the refresh."""
        stored = self.load(user) or {}
        super().fresh(name, user)
        return stored


class GoesBy401(LooksAtOnce):
    """Sends every token, one call when the others have refreshed, and refreshes when refused."""

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.is_refreshed = threading.Event()

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and say so."""
        super().refresh_with(name, user, stored)
        self.is_refreshed.set()

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send; the slow one is late."""
        if self.seen.turn == 0:
            self.is_refreshed.wait(LONGEST_SECONDS)
        return super().api_request(method, path, message, stored)

    def is_due(self, stored: Message) -> bool:
        """Look at no clock."""
        super().is_due(stored)
        return False


class GoesByTwo401(GoesBy401):
    """Believes the second 401 only."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send once more."""
        answer = super().api_request(method, path, message, stored)
        if answer.status == 401:
            return super().api_request(method, path, message, stored)
        return answer


def test_client_that_goes_by_401_is_right(put: Put) -> None:
    """It has no other way to know, and each call finds out for itself."""
    assert put("I03", GoesBy401).verdict is Verdict.PASS


def test_old_access_token_of_each_call_is_found(put: Put) -> None:
    """Once is enough to know."""
    assert failed(put("I03", GoesByTwo401)) == {"old-access-token"}


def test_old_refresh_token_is_found(put: Put) -> None:
    """The journal shows it again."""
    assert failed(put("I03", SendsWhatItHad)) == {"old-refresh-token"}


def test_old_access_token_is_found(put: Put) -> None:
    """The API hears it."""
    assert failed(put("I03", CallsWithWhatItHad)) == {"old-access-token"}
