"""B08: clients that overlook an error beside a code."""

from collections.abc import Mapping

from ..model_client.callbacks import Callbacks
from ..model_client.values import Message
from .shared.careless import Disconnects, FlagsTheConnection, SendsSomethingAnyway
from .table import Bite, Table


class LooksForTheCodeFirst(Callbacks):
    """Looks for an error where there is no code."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Stop at the code."""
        if "code" not in given:
            super().check_granted(given)


class SendsWhatIsThere(Callbacks):
    """Sends the code of each callback without an error, as a text."""

    def connect(self, name: str, url: str) -> Message:
        """Send `undefined` where there is none."""
        given = dict(self.pairs_of(url))
        if not given.get("code") and "error" not in given:
            self.client.tokens.exchange("undefined", self.client.authorization.new_pending())
        return super().connect(name, url)


class ExpectsACode(Callbacks):
    """Knows that there is a code where there is no error."""

    def connect(self, name: str, url: str) -> Message:
        """Read it."""
        given = dict(self.pairs_of(url))
        if "error" not in given:
            given["code"]
        return super().connect(name, url)


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
        Bite(SendsWhatIsThere, {"no-token-request"}),
        Bite(ExpectsACode, {"kind"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
