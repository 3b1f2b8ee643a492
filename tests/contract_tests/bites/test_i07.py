"""I07: a client with one token for all."""

from .conftest import Put, failed
from .model_client import ModelClient, User


class KnowsOneUser(ModelClient):
    """Keeps its token in a global."""

    def user(self, name: str) -> User:
        """Give the same user to all."""
        return super().user("u1")


def test_crossed_users_are_found(put: Put) -> None:
    """One user's token is another's."""
    assert failed(put("I07", KnowsOneUser)) == {
        "own-refresh",
        "own-token",
        "own-store",
    }
