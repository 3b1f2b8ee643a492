"""B01: clients that take a callback with another state than theirs."""

import hmac
from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.values import Failure, Pending, User
from .shared.careless import (
    CallsItDenial,
    Disconnects,
    FlagsTheConnection,
    SendsSomethingAnyway,
)
from .table import Bite, Table


class IgnoresTheState(Callbacks):
    """Sends a state and looks at none, so that an attacker's account can be connected."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Look at nothing."""
        del given
        assert user.pending is not None
        return user.pending


class ComparesTheStateIfAny(Callbacks):
    """Compares the state where there is one."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Skip the check where there is nothing to compare."""
        if given.get("state"):
            return super().check_state(user, given)
        assert user.pending is not None
        return user.pending


class ComparesTheBeginning(Callbacks):
    """Compares as many characters as came."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare the shorter with the longer."""
        assert user.pending is not None
        state = given.get("state")
        if not state or not user.pending.state.startswith(state):
            raise Failure(Kind.SECURITY_ERROR, "the state is another")
        return user.pending


class ComparesTexts(Callbacks):
    """Compares in constant time, by a function that takes texts of ASCII only."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare the texts, not their bytes."""
        expected = user.pending.state if user.pending else ""
        hmac.compare_digest(given.get("state", ""), expected)
        return super().check_state(user, given)


class ComparesToTheFirstNul(Callbacks):
    """Compares as C does."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Cut it there."""
        return super().check_state(user, {**given, "state": given.get("state", "").split("\0")[0]})


TABLE = Table(
    [
        Bite(IgnoresTheState, {"kind", "no-token-request", "store-unchanged"}),
        Bite(ComparesTheStateIfAny, {"kind", "no-token-request", "store-unchanged"}),
        Bite(ComparesTheBeginning, {"kind", "no-token-request", "store-unchanged"}),
        Bite(ComparesToTheFirstNul, {"kind", "no-token-request", "store-unchanged"}),
        Bite(ComparesTexts, {"kind"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(CallsItDenial, {"kind"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
