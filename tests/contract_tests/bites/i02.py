"""I02: clients that lose a race for good."""

from threading import Barrier

from ..model_client.refreshing import Refreshing
from ..model_client.values import Message, User
from .shared.racing import LONGEST_SECONDS
from .table import Bite, Table


class HasNoLock(Refreshing):
    """Refreshes what each of two processes has seen, the first time when both have looked."""

    together = Barrier(2)
    have_met = False

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send it."""
        stored = self.client.store.load(user) or {}
        if not self.have_met:
            self.have_met = True
            self.together.wait(LONGEST_SECONDS)
        self.refresh_with(name, user, stored)
        return {}


class GivesUpForGood(HasNoLock):
    """Has no lock, and remembers that the grant is dead."""

    dead = False

    def fresh(self, name: str, user: User) -> Message:
        """Refuse once dead."""
        if self.dead:
            super().grant_is_dead(user, self.client.store.load(user) or {})
        return super().fresh(name, user)

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Remember."""
        self.dead = True
        super().grant_is_dead(user, self.client.store.load(user) or stored)


class CrashesAsLoser(HasNoLock):
    """Expects no refusal."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Fail."""
        raise AssertionError


TABLE = Table(
    [
        Bite(GivesUpForGood, {"both-go-on"}),
        Bite(CrashesAsLoser, {"no-bug"}),
    ],
)
