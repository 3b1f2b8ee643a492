"""I01: clients that refresh for each call, or for one only."""

from livestorm_contract_tests.adapter import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class RefreshesForEachCall(ModelClient):
    """Has no lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh at once."""
        self.refresh_with(name, user, self.load(user) or {})
        return {}


class TurnsWaitersAway(ModelClient):
    """Has a lock, and fails who finds it taken."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refuse to wait."""
        if not user.lock.acquire(blocking=False):
            raise Failure(Kind.RETRY_LATER, "busy")
        try:
            return super().refresh(name, user, stale)
        finally:
            user.lock.release()


def test_refresh_for_each_call_is_found(put: Put) -> None:
    """The family dies."""
    assert failed(put("I01", RefreshesForEachCall)) == {"all-succeed", "one-refresh"}


def test_waiters_turned_away_are_found(put: Put) -> None:
    """They do not succeed."""
    assert failed(put("I01", TurnsWaitersAway)) == {"all-succeed"}
