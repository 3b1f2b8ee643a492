"""B04: clients whose states are everybody's."""

from collections.abc import Mapping

from ..model_client.callbacks import Callbacks
from ..model_client.values import Pending, User
from .shared.careless import (
    CallsItDenial,
    Disconnects,
    FlagsTheConnection,
    SendsSomethingAnyway,
)
from .table import Bite, Table


class KeepsStatesInOneTable(Callbacks):
    """Looks the state up among all users' flows."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Find whose it is, and take the caller for that user."""
        flows = [one.pending for one in self.client.store.users.values() if one.pending is not None]
        for flow in flows:
            if flow.state == given.get("state"):
                return flow
        return super().check_state(user, given)


TABLE = Table(
    [
        Bite(KeepsStatesInOneTable, {"kind", "no-token-request", "store-unchanged"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(CallsItDenial, {"kind"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
