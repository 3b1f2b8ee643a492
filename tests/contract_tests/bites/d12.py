"""D12: clients whose arithmetic of time is wrong."""

import json
from datetime import UTC, datetime

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.refreshing import LEEWAY, Refreshing
from ..model_client.store import Store
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.refused import IgnoresRefusals
from .table import Bite, Table


class RefusesShortLives(Refreshing):
    """Gives up on a token that is to be refreshed as soon as it comes."""

    def fresh(self, name: str, user: User) -> Message:
        """Give up."""
        stored = super().fresh(name, user)
        if self.is_due(stored):
            raise Failure(Kind.REAUTH_REQUIRED, "the token has expired")
        return stored


class RefreshesUntilFresh(Refreshing):
    """Refreshes in a loop until the token is not due."""

    def fresh(self, name: str, user: User) -> Message:
        """Give up late."""
        for _ in range(4):
            stored = super().fresh(name, user)
            if not self.is_due(stored):
                return stored
        return stored


class RefreshesAMinuteAhead(Refreshing):
    """Has a fixed leeway, longer than the token lives."""

    def is_due(self, stored: Message) -> bool:
        """Subtract a minute."""
        expires_at = stored.get("expires_at")
        return expires_at is not None and bool(self.now() >= expires_at - LEEWAY)


class TrustsTheServersClock(IgnoresRefusals, TokenEndpoint):
    """Counts from the server's `created_at`, on its own clock."""

    def read_tokens(self, answer: Answer) -> Message:
        """Count from there."""
        members = super().read_tokens(answer)
        created_at = json.loads(answer.body)["created_at"]
        return {**members, "expires_in": created_at + members["expires_in"] - self.now()}


class TrustsAServerAhead(TrustsTheServersClock):
    """Counts from the server's clock where that gives the token a longer life."""

    def read_tokens(self, answer: Answer) -> Message:
        """Take the later one."""
        told = super().read_tokens(answer)
        return max(told, json.loads(answer.body), key=lambda members: members["expires_in"])


class StoresDatesWithoutAZone(Store):
    """Stores the expiry as a date in UTC, and reads it as one of its own machine."""

    def save(self, user: User, stored: Message) -> None:
        """Write the date."""
        at = stored.get("expires_at")
        written = None if at is None else datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
        super().save(user, {**stored, "expires_at": written and written.isoformat()})

    def load(self, user: User) -> Message | None:
        """Read the date."""
        stored = super().load(user)
        if stored is None or stored.get("expires_at") is None:
            return stored
        return {**stored, "expires_at": datetime.fromisoformat(stored["expires_at"]).timestamp()}


TABLE = Table(
    [
        Bite(RefusesShortLives, {"works"}),
        Bite(RefreshesUntilFresh, {"bounded"}),
        Bite(RefreshesAMinuteAhead, {"not-every-call"}),
        Bite(TrustsTheServersClock, {"after-expiry", "not-every-call"}),
        Bite(TrustsAServerAhead, {"after-expiry"}),
        Bite(StoresDatesWithoutAZone, {"not-every-call"}, apart=True),
    ],
)
