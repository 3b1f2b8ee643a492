"""What is not stored, or not told of."""

from ...model_client.client import ModelClient
from ...model_client.operations import Operations
from ...model_client.store import Store
from ...model_client.token_endpoint import TokenEndpoint
from ...model_client.values import Answer, Failure, Message, User


class KeepsTokensInMemory(Store):
    """Says that it saves, and does not."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.memory: dict[str, Message] = {}

    def load(self, user: User) -> Message | None:
        """Look into the memory first."""
        return self.memory.get(str(user.path)) or super().load(user)

    def save(self, user: User, stored: Message) -> None:
        """Keep."""
        self.memory[str(user.path)] = stored


class HoldsTimesAsTexts(Operations):
    """Stores a moment as its database gives it back."""

    def told_state(self, user: User) -> Message:
        """Give the moment as a text."""
        told = super().told_state(user)
        return {**told, "token": {**told["token"], "expires_at": str(told["token"]["expires_at"])}}


class ForgetsTokens(TokenEndpoint):
    """Logs the user out at any failure."""

    def read_tokens(self, answer: Answer) -> Message:
        """Empty the store first."""
        self.client.store.user("u1").path.unlink(missing_ok=True)
        return super().read_tokens(answer)


class FlagsTokens(TokenEndpoint):
    """Keeps the tokens at any failure, and says that they are over."""

    def read_tokens(self, answer: Answer) -> Message:
        """Flag what is stored."""
        try:
            return super().read_tokens(answer)
        except Failure:
            user = self.client.store.user("u1")
            if stored := self.client.store.load(user):
                self.client.store.save(user, {**stored, "needs_reauth": True})
            raise


class OverwritesWithNothing(Store):
    """Stores what came, even if it is nothing."""

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep nothing."""
        return {"refresh_token": came}


class StoresNoRefreshToken(Store):
    """Keeps what it needs for the next hours."""

    def kept_refresh_token(self, came: object, sent: str | None) -> Message:
        """Keep none."""
        return {"refresh_token": None}


class SavesNoRefresh(KeepsTokensInMemory):
    """Saves what an authorization brings only."""

    def save(self, user: User, stored: Message) -> None:
        """Save the first time."""
        if Store.load(self, user) is None:
            Store.save(self, user, stored)
        super().save(user, stored)


class TellsNoRefreshToken(Operations):
    """Says that it has no refresh token."""

    def told_state(self, user: User) -> Message:
        """Leave it out."""
        told = super().told_state(user)
        return {**told, "token": {**told["token"], "refresh_token": None}}
