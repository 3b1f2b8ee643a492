"""I05: clients that a new token takes by surprise."""

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, User


class RefreshesAgain(ModelClient):
    """Refreshes after each 401, whatever has come meanwhile."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh."""
        return super().refresh(name, user, None)


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
