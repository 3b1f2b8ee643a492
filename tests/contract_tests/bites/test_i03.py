"""I03: clients that go on with what they had before they waited."""

from .conftest import Put, failed
from .model_client import Message, ModelClient, User


class SendsWhatItHad(ModelClient):
    """Reads the refresh token before it takes the lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Wait, then send."""
        stored = self.load(user) or {}
        with user.lock:
            self.refresh_with(name, user, stored)
        return {}


class CallsWithWhatItHad(ModelClient):
    """Refreshes, and calls with the access token that it has in hand."""

    def fresh(self, name: str, user: User) -> Message:
        """Give the token from before the refresh."""
        stored = self.load(user) or {}
        super().fresh(name, user)
        return stored


def test_old_refresh_token_is_found(put: Put) -> None:
    """The journal shows it again."""
    assert failed(put("I03", SendsWhatItHad)) == {"old-refresh-token"}


def test_old_access_token_is_found(put: Put) -> None:
    """The API hears it."""
    assert failed(put("I03", CallsWithWhatItHad)) == {"old-access-token"}
