"""I01: clients that refresh for each call, or for one only."""

import threading

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.client import ModelClient
from ..model_client.values import Failure, Message, User
from .shared.racing import LONGEST_SECONDS, LooksAtOnce
from .shared.refreshed import RefreshesTwice
from .table import Bite, Table


class RefreshesForEachCall(LooksAtOnce):
    """Has no lock."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh what each call has seen."""
        self.refresh_with(name, user, self.seen.stored)
        return {}


class TurnsWaitersAway(LooksAtOnce):
    """Has a lock, and fails who finds it taken."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
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


TABLE = Table(
    [
        Bite(RefreshesTwice, {"one-refresh"}),
        Bite(RefreshesForEachCall, {"all-succeed", "one-refresh"}),
        Bite(TurnsWaitersAway, {"all-succeed"}),
    ],
)
