"""I05: clients that a new token takes by surprise."""

from ..model_client.api_calls import ApiCalls
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Answer, Message, User
from .table import Bite, Table


class RefreshesAgain(Refreshing, ApiCalls):
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


class GivesUp(Refreshing):
    """Takes each 401 for the end."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Refuse."""
        return False


class RefreshesCommandsTwice(Operations):
    """Refreshes twice when it is told to."""

    def op_refresh(self, message: Message) -> Message:
        """Refresh, and once more."""
        super().op_refresh(message)
        return super().op_refresh(message)


TABLE = Table(
    [
        Bite(RefreshesAgain, {"one-refresh"}),
        Bite(GivesUp, {"all-succeed"}),
        Bite(RefreshesCommandsTwice, {"one-refresh"}),
    ],
)
