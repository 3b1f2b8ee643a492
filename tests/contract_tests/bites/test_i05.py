"""I05: clients that a new token takes by surprise."""

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, User


class RefreshesAgain(ModelClient):
    """Refreshes after each 401, whatever has come meanwhile.

    The lock is held until the call was repeated, so that no refresh kills the token of another.
    """

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Refresh."""
        if stale is not None:
            user.lock.acquire()
        return super().refresh(name, user, None)

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Call, and let the next one refresh."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        finally:
            if most == 1:
                user.lock.release()


class GivesUp(ModelClient):
    """Takes each 401 for the end."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Refuse."""
        return False


def test_second_refresh_is_found(put: Put) -> None:
    """Each kills a token that was good."""
    assert failed(put("I05", RefreshesAgain)) == {"one-refresh"}


def test_lost_call_is_found(put: Put) -> None:
    """It is not repeated."""
    assert failed(put("I05", GivesUp)) == {"all-succeed"}
