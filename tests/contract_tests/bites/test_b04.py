"""B04: clients whose states are everybody's."""

from collections.abc import Mapping

from .careless import CallsItDenial, Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import ModelClient, Pending, User


class KeepsStatesInOneTable(ModelClient):
    """Looks the state up among all users' flows."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Find whose it is, and take the caller for that user."""
        flows = [one.pending for one in self.users.values() if one.pending is not None]
        for flow in flows:
            if flow.state == given.get("state"):
                return flow
        return super().check_state(user, given)


def test_state_of_another_user_is_found(put: Put) -> None:
    """The victim is then connected to the attacker's account."""
    found = failed(put("B04", KeepsStatesInOneTable))
    assert found == {"kind", "no-token-request", "store-unchanged"}


def test_code_sent_before_the_check_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B04", SendsSomethingAnyway)) == {"no-token-request"}


def test_foreign_state_taken_for_denial_is_found(put: Put) -> None:
    """Nobody refused anything."""
    assert failed(put("B04", CallsItDenial)) == {"kind"}


def test_session_lost_over_a_foreign_state_is_found(put: Put) -> None:
    """The victim's own session goes on."""
    assert failed(put("B04", Disconnects)) == {"store-unchanged"}
