"""C15: clients that need a lifetime."""

from ..model_client.refreshing import Refreshing
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Message, User
from .shared.exchanged import NeedsAWarmUp, UsesNothing
from .table import Bite, Table


class NeedsALifetime(TokenEndpoint):
    """Refuses a token without a lifetime."""

    def lifetime(self, members: Message) -> float | None:
        """Look up what is only recommended."""
        return float(members["expires_in"])


class RefreshesAlways(Refreshing):
    """Takes an unknown lifetime for none."""

    def is_due(self, stored: Message) -> bool:
        """Refresh."""
        return stored.get("expires_at") is None


class TrustsItsClock(Refreshing):
    """Never refreshes what has no end."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Leave the token as it is."""
        return {}


TABLE = Table(
    [
        Bite(NeedsALifetime, {"connects"}),
        Bite(RefreshesAlways, {"no-refresh-each-call"}),
        Bite(TrustsItsClock, {"relies-on-401"}),
        Bite(UsesNothing, {"relies-on-401", "usable"}),
        Bite(NeedsAWarmUp, {"usable"}),
    ],
)
