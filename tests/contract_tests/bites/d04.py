"""D04: clients that need `expires_in`, or read too much into its absence."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Failure, Message, User
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


class KeepsTheOldMoment(Store):
    """Replaces what an answer brings, and so keeps a moment that is past."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Keep the moment."""
        known = self.load(user) or {}
        super().store_token(name, user, members, sent, sent_at)
        if "expires_in" not in members and "expires_at" in known:
            self.save(user, {**(self.load(user) or {}), "expires_at": known["expires_at"]})


class MistrustsTheUnknown(Refreshing):
    """Refuses once to use a token of which it does not know how long it lives."""

    has_refused = False

    def fresh(self, name: str, user: User) -> Message:
        """Refuse."""
        stored = self.client.store.load(user) or {}
        if stored.get("expires_at") is None and not self.has_refused:
            self.has_refused = True
            raise Failure(Kind.REAUTH_REQUIRED, "the token may be over")
        return super().fresh(name, user)


TABLE = Table(
    [
        Bite(ExpectsALifetime, {"accepted", "not-every-call", "not-for-ever", "usable"}),
        Bite(StoresTheEndOfTime, {"not-eternal"}),
        Bite(TakesUnknownForExpired, {"not-every-call"}),
        Bite(IgnoresRefusals, {"not-for-ever"}),
        Bite(MissesALifetime, {"accepted"}),
        Bite(KeepsTheOldMoment, {"not-every-call"}),
        Bite(MistrustsTheUnknown, {"usable"}),
    ],
)
