"""C16: clients that misread a lifetime."""

from typing import ClassVar

from ..model_client.offer import Offer
from ..model_client.refreshing import Refreshing
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Message, User
from .shared.exchanged import NeedsAWarmUp, UsesNothing
from .shared.stored import HoldsTimesAsTexts
from .table import Bite, Table


class TakesZeroForEternal(TokenEndpoint, Refreshing):
    """Tests the lifetime for truth."""

    def lifetime(self, members: Message) -> float | None:
        """Mistake zero for nothing."""
        value = super().lifetime(members)
        return value or None

    def is_due(self, stored: Message) -> bool:
        """Believe that no end is no end."""
        return bool(stored.get("expires_at")) and super().is_due(stored)


class GoesBy401s(Offer, Refreshing):
    """Looks at no lifetime, and says so."""

    features: ClassVar[Message] = {**Offer.features, "refresh_ahead": False}

    def is_due(self, stored: Message) -> bool:
        """Wait for a 401."""
        del stored
        return False


class ConvertsBlindly(TokenEndpoint):
    """Expects a number."""

    def lifetime(self, members: Message) -> float | None:
        """Convert."""
        return float(int(members["expires_in"]))


class Loops(Refreshing):
    """Refreshes until the token is fresh."""

    def fresh(self, name: str, user: User) -> Message:
        """Refresh, ten times at most."""
        for _ in range(10):
            stored = super().fresh(name, user)
            if not self.is_due(stored):
                break
        return stored


class BelievesUnknownMembers(TokenEndpoint):
    """Reads a member that no specification knows."""

    def read_tokens(self, answer: Answer) -> Message:
        """Convert a text."""
        members = super().read_tokens(answer)
        float(members.get("expires_at", 0))
        return members


class JoinsTexts(TokenEndpoint):
    """Adds the lifetime to the time, of which one is a text."""

    def lifetime(self, members: Message) -> float | None:
        """Join the digits."""
        value = members.get("expires_in")
        return float(f"{self.now():.0f}{value}") if value == "7200" else super().lifetime(members)


TABLE = Table(
    [
        Bite(TakesZeroForEternal, {"not-eternal"}),
        Bite(JoinsTexts, {"not-eternal"}),
        Bite(ConvertsBlindly, {"kind"}),
        Bite(Loops, {"no-loop"}),
        Bite(BelievesUnknownMembers, {"unknown-ignored"}),
        Bite(UsesNothing, {"not-eternal", "usable"}),
        Bite(NeedsAWarmUp, {"usable"}),
        Bite(HoldsTimesAsTexts, {"values-have-their-types"}),
        Bite(GoesBy401s),
    ],
)
