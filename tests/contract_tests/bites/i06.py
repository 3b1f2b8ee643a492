"""I06: a client that does not look again."""

from contextlib import AbstractContextManager, nullcontext

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
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
        super().grant_is_dead(user, stored)
        self.is_gone = True

    def told_state(self, user: User) -> Message:
        """Tell of it."""
        return {**super().told_state(user), "needs_reauth": self.is_gone}


class ConnectsBesideRefreshes(Callbacks):
    """Takes no lock for a new connection, over which a refresh then writes."""

    def connect(self, name: str, url: str) -> Message:
        """Connect."""
        user, pairs = self.client.store.user(name), self.pairs_of(url)
        pending = self.check_callback(user, pairs)
        user.pending = None
        answer = self.client.tokens.exchange(dict(pairs)["code"], pending)
        members = self.client.tokens.read_tokens(answer)
        self.client.store.store_token(name, user, members, None, self.now())
        return {}


class LocksItsProcessOnly(Store):
    """Has a lock that other processes do not see."""

    def store_lock(self, user: User) -> AbstractContextManager[object]:
        """Lock nothing."""
        return nullcontext()


TABLE = Table(
    [
        Bite(DoesNotLookAgain, {"kind", "not-flagged"}),
        Bite(ConnectsBesideRefreshes, {"connection-kept"}),
        Bite(LocksItsProcessOnly, {"connection-kept"}),
        Bite(LosesHope, {"kind"}),
        Bite(SaysItIsGone, {"not-flagged"}),
    ],
)
