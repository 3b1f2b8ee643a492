"""I07: a client with one token for all."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import ModelClient, User
from .unhurried_clients import TakesOneCommand


class KnowsOneUser(ModelClient):
    """Keeps its token in a global."""

    def user(self, name: str) -> User:
        """Give the same user to all."""
        return super().user("u1")


def test_users_take_turns_where_one_command_is_taken(put: Put) -> None:
    """Nothing is asked of a client that it does not offer."""
    assert put("I07", TakesOneCommand).verdict is Verdict.PASS


def test_crossed_users_are_found(put: Put) -> None:
    """One user's token is another's."""
    assert failed(put("I07", KnowsOneUser)) == {
        "own-refresh",
        "own-token",
        "own-store",
    }
