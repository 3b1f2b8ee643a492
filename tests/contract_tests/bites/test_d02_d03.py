"""D02, D03: clients that lose a refresh token which the answer does not repeat."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User


class OverwritesWithNothing(ModelClient):
    """Stores what came, even if it is nothing."""

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep nothing."""
        return {"refresh_token": came}


class DemandsARefreshToken(ModelClient):
    """Takes a token answer without a refresh token for none."""

    def read_tokens(self, answer: Answer) -> Message:
        """Refuse it."""
        members = super().read_tokens(answer)
        if not members.get("refresh_token"):
            raise Failure(Kind.PROTOCOL_ERROR, "no refresh token came", status=answer.status)
        return members


class TakesItForSpent(ModelClient):
    """Counts a refresh token as used up when no other one came for it."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send each once."""
        stored = self.load(user)
        told = super().refresh(name, user, stale)
        now = self.load(user)
        if stored and now and stored["refresh_token"] == now["refresh_token"]:
            self.refresh_is_over = True
        return told

    refresh_is_over = False

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.refresh_is_over = False

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse the second time."""
        if self.refresh_is_over:
            raise Failure(Kind.REAUTH_REQUIRED, "the refresh token was used")
        super().refresh_with(name, user, stored)


BROKEN = {
    OverwritesWithNothing: {"kept", "sent-again"},
    TakesItForSpent: {"sent-again"},
    DemandsARefreshToken: {"accepted", "sent-again"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_loss_of_an_omitted_refresh_token_is_found(put: Put, client: type[ModelClient]) -> None:
    """Without a new refresh token the old one has to live on."""
    assert failed(put("D02", client)) == BROKEN[client]


@pytest.mark.parametrize("client", BROKEN)
def test_loss_over_an_empty_refresh_token_is_found(put: Put, client: type[ModelClient]) -> None:
    """Nor does an empty one, or the same again, end it."""
    found = failed(put("D03", client))
    # The second answer has a refresh token again.
    assert found == BROKEN[client] - ({"sent-again"} if client is DemandsARefreshToken else set())
