"""I02: clients that lose a race for good."""

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.refreshing import Refreshing
from ..model_client.values import Failure, Message, User
from .table import Bite, Table


class HasNoLock(Refreshing):
    """Refreshes what each of two processes has seen; the loser finds the winner's pair later."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send it."""
        self.refresh_with(name, user, self.client.store.load(user) or {})
        return {}

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag nothing: another process may have saved a pair."""
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


class GivesUpForGood(HasNoLock):
    """Has no lock, and remembers that the grant is dead."""

    dead = False

    def fresh(self, name: str, user: User) -> Message:
        """Refuse once dead."""
        if self.dead:
            super().grant_is_dead(user, {})
        return super().fresh(name, user)

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Remember."""
        self.dead = True
        super().grant_is_dead(user, stored)


class CrashesAsLoser(HasNoLock):
    """Expects no refusal."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Fail."""
        raise AssertionError


class WondersAtTheWinner(Refreshing):
    """Has a lock, and does not expect to find another token behind it."""

    has_sent = False

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Expect to have sent something."""
        told = super().refresh(name, user, stale)
        assert self.has_sent
        return told

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Note that it did."""
        self.has_sent = True
        super().refresh_with(name, user, stored)


TABLE = Table(
    [
        Bite(HasNoLock, {"family-survives"}),
        Bite(HasNoLock, strict=False, verdict=Verdict.WARN, fails={"family-survives"}),
        Bite(GivesUpForGood, {"both-go-on", "family-survives"}),
        Bite(CrashesAsLoser, {"family-survives", "no-bug"}),
        Bite(WondersAtTheWinner, {"no-bug"}),
    ],
    follows={
        # Who loses what it could read again loses it where nothing is left to read, too.
        "both-go-on": {"family-survives"},
    },
)
