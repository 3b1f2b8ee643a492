"""I02: clients that lose a race for good."""

from threading import Barrier

from .conftest import Put, failed
from .model_client import Message, ModelClient, User
from .racing_clients import LONGEST_SECONDS


class HasNoLock(ModelClient):
    """Refreshes what each of two processes has seen, the first time when both have looked."""

    together = Barrier(2)
    have_met = False

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send it."""
        stored = self.load(user) or {}
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
            super().grant_is_dead(user, self.load(user) or {})
        return super().fresh(name, user)

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Remember."""
        self.dead = True
        super().grant_is_dead(user, self.load(user) or stored)


class CrashesAsLoser(HasNoLock):
    """Expects no refusal."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Fail."""
        raise AssertionError


def test_lost_grant_is_found(put: Put) -> None:
    """The loser never works again."""
    assert failed(put("I02", GivesUpForGood)) == {"both-go-on"}


def test_crash_of_the_loser_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("I02", CrashesAsLoser)) == {"no-bug"}
