"""I01: clients that refresh for each call, or for one only."""

import threading

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, User
from .racing_clients import LONGEST_SECONDS, LooksAtOnce


class RefreshesForEachCall(LooksAtOnce):
    """Has no lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh what each call has seen."""
        self.refresh_with(name, user, self.seen.stored)
        return {}


class TurnsWaitersAway(LooksAtOnce):
    """Has a lock, and fails who finds it taken."""

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.was_taken = threading.Event()

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refuse to wait; who has the lock keeps it until that has happened."""
        if not user.lock.acquire(blocking=False):
            self.was_taken.set()
            raise Failure(Kind.RETRY_LATER, "busy")
        try:
            self.was_taken.wait(LONGEST_SECONDS)
            return super().refresh(name, user, stale)
        finally:
            user.lock.release()


def test_refresh_for_each_call_is_found(put: Put) -> None:
    """The family dies."""
    assert failed(put("I01", RefreshesForEachCall)) == {"all-succeed", "one-refresh"}


def test_waiters_turned_away_are_found(put: Put) -> None:
    """They do not succeed."""
    assert failed(put("I01", TurnsWaitersAway)) == {"all-succeed"}
