"""D12: clients whose arithmetic of time is wrong."""

import json
from datetime import UTC, datetime
from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.offer import Offer
from ..model_client.operations import Operations
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


class CountsFromNow(Refreshing):
    """Adds the lifetime to the present each time it looks, and so never finds a token over.

    The first mistake of clients of Livestorm.
    """

    def is_due(self, stored: Message) -> bool:
        """Compare the present with what is always later."""
        return False


class AddsItsLeeway(Refreshing):
    """Refreshes a minute late, in the place of a minute ahead."""

    def is_due(self, stored: Message) -> bool:
        """Mix up the sign."""
        expires_at = stored.get("expires_at")
        return expires_at is not None and bool(self.now() >= expires_at + LEEWAY)


class GoesBy401(Offer, CountsFromNow):
    """Never refreshes ahead, and does not say that it does."""

    features: ClassVar[Message] = {**Offer.features, "refresh_ahead": False}


class TellsALaterMoment(Operations):
    """Keeps the lifetime, and counts it from whenever it is asked."""

    def told_state(self, user: User) -> Message:
        """Count from now."""
        told = super().told_state(user)
        lifetime = (self.client.store.load(user) or {}).get("lifetime")
        moment = told["token"]["expires_at"] if lifetime is None else self.now() + lifetime
        return {**told, "token": {**told["token"], "expires_at": moment}}


class KeepsItsFirstLifetime(TokenEndpoint):
    """Takes the lifetime of its first token for that of all."""

    first: float | None = None

    def lifetime(self, members: Message) -> float | None:
        """Give the first one again."""
        self.first = super().lifetime(members) if self.first is None else self.first
        return self.first


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
        Bite(CountsFromNow, {"not-sent-expired"}),
        Bite(AddsItsLeeway, {"not-sent-expired"}),
        Bite(GoesBy401),
        Bite(TellsALaterMoment, {"expiry-stored"}),
        Bite(KeepsItsFirstLifetime, {"expiry-stored", "not-every-call", "not-sent-expired"}),
        Bite(StoresDatesWithoutAZone, {"not-every-call"}, apart=True),
    ],
)
