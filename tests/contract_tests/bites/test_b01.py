"""B01: clients that take a callback with another state than theirs."""

from collections.abc import Mapping

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .careless import CallsItDenial, Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, ModelClient, Pending, User


class IgnoresTheState(ModelClient):
    """Sends a state and looks at none."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Look at nothing."""
        del given
        assert user.pending is not None
        return user.pending


class ComparesTheStateIfAny(ModelClient):
    """Compares the state where there is one."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Skip the check where there is nothing to compare."""
        if given.get("state"):
            return super().check_state(user, given)
        assert user.pending is not None
        return user.pending


class ComparesTheBeginning(ModelClient):
    """Compares as many characters as came."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare the shorter with the longer."""
        assert user.pending is not None
        state = given.get("state")
        if not state or not user.pending.state.startswith(state):
            raise Failure(Kind.SECURITY_ERROR, "the state is another")
        return user.pending


ALL = {"kind", "no-token-request", "store-unchanged"}


@pytest.mark.parametrize("client", [IgnoresTheState, ComparesTheStateIfAny, ComparesTheBeginning])
def test_state_that_is_not_compared_is_found(put: Put, client: type[ModelClient]) -> None:
    """The attacker's account is then connected."""
    assert failed(put("B01", client)) == ALL


def test_code_sent_before_the_check_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B01", SendsSomethingAnyway)) == {"no-token-request"}


def test_wrong_state_taken_for_denial_is_found(put: Put) -> None:
    """Nobody refused anything."""
    assert failed(put("B01", CallsItDenial)) == {"kind"}


def test_session_lost_over_a_wrong_state_is_found(put: Put) -> None:
    """Else anybody's link could log the user out."""
    assert failed(put("B01", Disconnects)) == {"store-unchanged"}
