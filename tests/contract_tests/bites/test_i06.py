"""I06: a client that does not look again."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class DoesNotLookAgain(ModelClient):
    """Declares the grant dead at once."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag, and report."""
        self.save(user, {**stored, "needs_reauth": True})
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


def test_hasty_loser_is_found(put: Put) -> None:
    """Kind and flag show it."""
    assert failed(put("I06", DoesNotLookAgain)) == {"kind", "not-flagged"}
