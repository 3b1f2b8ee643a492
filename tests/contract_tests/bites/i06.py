"""I06: a client that does not look again."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Failure, Message, User
from .table import Bite, Table


class DoesNotLookAgain(Refreshing):
    """Declares the grant dead at once."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag, and report."""
        self.client.store.save(user, {**stored, "needs_reauth": True})
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


class LosesHope(Refreshing):
    """Leaves the winner's pair alone, and does not go on with it."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report the refusal."""
        super().grant_is_dead(user, stored)
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


class SaysItIsGone(Operations, Refreshing):
    """Goes on with the winner's pair, and says that the grant is dead."""

    is_gone = False

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Remember the refusal."""
        self.is_gone = True
        super().grant_is_dead(user, stored)

    def told_state(self, user: User) -> Message:
        """Tell of it."""
        return {**super().told_state(user), "needs_reauth": self.is_gone}


TABLE = Table(
    [
        Bite(DoesNotLookAgain, {"kind", "not-flagged"}),
        Bite(LosesHope, {"kind"}),
        Bite(SaysItIsGone, {"not-flagged"}),
    ],
)
