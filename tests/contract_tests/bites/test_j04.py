"""J04: clients that log the user out over an error."""

from livestorm_contract_tests.driving.kinds import Kind

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


class ReplacesTheDeadGrant(ModelClient):
    """Puts an empty text in the place of a dead grant."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Overwrite, then flag."""
        self.save(user, {**stored, "access_token": "", "refresh_token": "", "needs_reauth": True})
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", code="invalid_grant")


def test_dropped_tokens_are_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("J04", DropsTokens)) == {"store-unchanged"}


def test_flagged_grant_is_found(put: Put) -> None:
    """The state shows it."""
    assert failed(put("J04", FlagsTheGrant)) == {"not-flagged"}


def test_replaced_grant_is_found(put: Put) -> None:
    """An empty text is a token that nobody has issued."""
    assert failed(put("J04", ReplacesTheDeadGrant)) == {"nothing-new"}
