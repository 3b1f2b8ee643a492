"""B09: clients that choose one of two values."""

from ..model_client.callbacks import Callbacks
from .shared.careless import Disconnects, SendsSomethingAnyway
from .table import Bite, Table


class TakesTheLast(Callbacks):
    """Reads parameters into a table, in which the last one wins."""

    def check_duplicates(self, names: list[str]) -> None:
        """See none."""


class TakesEqualOnes(Callbacks):
    """Refuses two codes, not two states, where an attacker adds one before the right one."""

    def check_duplicates(self, names: list[str]) -> None:
        """Look at the code."""
        super().check_duplicates([name for name in names if name != "state"])


class CrashesOverLists(Callbacks):
    """Gets a list from its framework where it expects a text."""

    def check_duplicates(self, names: list[str]) -> None:
        """Expect a text."""
        assert len(names) == len(set(names))


TABLE = Table(
    [
        Bite(TakesTheLast, {"kind", "no-token-request", "store-unchanged"}),
        Bite(TakesEqualOnes, {"kind", "no-token-request", "store-unchanged"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(CrashesOverLists, {"kind"}),
        Bite(Disconnects, {"store-unchanged"}),
    ],
)
