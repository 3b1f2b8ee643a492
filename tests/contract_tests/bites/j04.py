"""J04: clients that log the user out over an error."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.refreshing import Refreshing
from ..model_client.values import Failure, Message, User
from .shared.refreshed import DropsTokens
from .table import Bite, Table


class FlagsTheGrant(Refreshing):
    """Asks for a human where a refresh fails."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Flag the grant."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.client.store.save(user, {**stored, "needs_reauth": True})
            raise


class ReplacesTheDeadGrant(Refreshing):
    """Puts an empty text in the place of a dead grant: a token that nobody has issued."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Overwrite, then flag."""
        self.client.store.save(
            user, {**stored, "access_token": "", "refresh_token": "", "needs_reauth": True}
        )
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", code="invalid_grant")


TABLE = Table(
    [
        Bite(DropsTokens, {"store-unchanged"}),
        Bite(FlagsTheGrant, {"not-flagged"}),
        Bite(ReplacesTheDeadGrant, {"nothing-new"}),
    ],
)
