"""B08: clients that overlook an error beside a code."""

from collections.abc import Mapping

from ..model_client.callbacks import Callbacks
from .shared.careless import Disconnects, SendsSomethingAnyway
from .table import Bite, Table


class LooksForTheCodeFirst(Callbacks):
    """Looks for an error where there is no code."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Stop at the code."""
        if "code" not in given:
            super().check_granted(given)


class CrashesOverBoth(Callbacks):
    """Expects either."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect it."""
        assert ("code" in given) != ("error" in given)


TABLE = Table(
    [
        Bite(LooksForTheCodeFirst, {"kind", "no-token-request", "store-unchanged"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(CrashesOverBoth, {"kind"}),
        Bite(Disconnects, {"store-unchanged"}),
    ],
)
