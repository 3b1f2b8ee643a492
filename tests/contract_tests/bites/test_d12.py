"""D12: clients whose arithmetic of time is wrong."""

import json

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import IgnoresRefusals
from .conftest import Put, failed
from .model_client import LEEWAY, Answer, Failure, Message, ModelClient, User


class RefusesShortLives(ModelClient):
    """Gives up on a token that is to be refreshed as soon as it comes."""

    def fresh(self, name: str, user: User) -> Message:
        """Give up."""
        stored = super().fresh(name, user)
        if self.is_due(stored):
            raise Failure(Kind.REAUTH_REQUIRED, "the token has expired")
        return stored


class RefreshesUntilFresh(ModelClient):
    """Refreshes in a loop until the token is not due."""

    def fresh(self, name: str, user: User) -> Message:
        """Give up late."""
        for _ in range(4):
            stored = super().fresh(name, user)
            if not self.is_due(stored):
                return stored
        return stored


class RefreshesAMinuteAhead(ModelClient):
    """Has a fixed leeway, longer than the token lives."""

    def is_due(self, stored: Message) -> bool:
        """Subtract a minute."""
        expires_at = stored.get("expires_at")
        return expires_at is not None and bool(self.now() >= expires_at - LEEWAY)


class TrustsTheServersClock(IgnoresRefusals):
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


BROKEN: dict[type[ModelClient], set[str]] = {
    RefusesShortLives: {"works"},
    RefreshesUntilFresh: {"bounded"},
    RefreshesAMinuteAhead: {"not-every-call"},
    TrustsTheServersClock: {"not-every-call", "after-expiry"},
    TrustsAServerAhead: {"after-expiry"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_wrong_arithmetic_of_time_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal shows who refreshes too often, too late or in a loop."""
    assert failed(put("D12", client)) == BROKEN[client]
