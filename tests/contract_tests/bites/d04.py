"""D04: clients that need `expires_in`, or read too much into its absence."""

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Message
from .shared.refreshed import Complains
from .shared.refused import IgnoresRefusals
from .table import Bite, Table


class ExpectsALifetime(TokenEndpoint):
    """Looks the lifetime up as if it had to be there."""

    def lifetime(self, members: Message) -> float | None:
        """Look it up."""
        return float(members["expires_in"])


class StoresTheEndOfTime(TokenEndpoint):
    """Takes an unknown lifetime for an endless one."""

    def lifetime(self, members: Message) -> float | None:
        """Give centuries."""
        return 1e10 if "expires_in" not in members else super().lifetime(members)


class TakesUnknownForExpired(TokenEndpoint):
    """Takes an unknown lifetime for none, and refreshes before each call."""

    def lifetime(self, members: Message) -> float | None:
        """Give nothing."""
        return 0.0 if "expires_in" not in members else super().lifetime(members)


class MissesALifetime(Complains):
    """Expects a lifetime each time."""

    member = "expires_in"


TABLE = Table(
    [
        Bite(ExpectsALifetime, {"accepted", "not-every-call", "not-for-ever"}),
        Bite(StoresTheEndOfTime, {"not-eternal"}),
        Bite(TakesUnknownForExpired, {"not-every-call"}),
        Bite(IgnoresRefusals, {"not-for-ever"}),
        Bite(MissesALifetime, {"accepted"}),
    ],
)
