"""J04: clients that log the user out over an error."""

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class DropsTokens(ModelClient):
    """Clears its store where a refresh fails."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Drop the refresh token."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.save(user, {**stored, "refresh_token": None})
            raise


class FlagsTheGrant(ModelClient):
    """Asks for a human where a refresh fails."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Flag the grant."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.save(user, {**stored, "needs_reauth": True})
            raise


def test_dropped_tokens_are_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("J04", DropsTokens)) == {"store-unchanged"}


def test_flagged_grant_is_found(put: Put) -> None:
    """The state shows it."""
    assert failed(put("J04", FlagsTheGrant)) == {"not-flagged"}
