"""I05: clients that a new token takes by surprise."""

import threading

from livestorm_contract_tests.cases.i05 import CALLS

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, User


class RefreshesAgain(ModelClient):
    """Refreshes after each 401, whatever has come meanwhile, and uses what its own one brought."""

    def __init__(self) -> None:
        super().__init__()
        self.own = threading.local()
        self.all_refreshed = threading.Barrier(CALLS)

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh, and keep the tokens."""
        with user.lock:
            reply = super().refresh(name, user, None)
            self.own.stored = self.load(user)
        return reply

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Call once more only when all have refreshed, the worst of all orders."""
        if most == 1:
            self.all_refreshed.wait(10)
            stored = self.own.stored
        return super().call_api(user, method, path, message, stored, most)


class GivesUp(ModelClient):
    """Takes each 401 for the end."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Refuse."""
        return False


def test_second_refresh_is_found(put: Put) -> None:
    """It kills the token of the first."""
    assert failed(put("I05", RefreshesAgain)) == {"all-succeed", "one-refresh"}


def test_lost_call_is_found(put: Put) -> None:
    """It is not repeated."""
    assert failed(put("I05", GivesUp)) == {"all-succeed"}
