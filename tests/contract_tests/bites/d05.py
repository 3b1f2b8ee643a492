"""D05: clients that can't let go of a dead grant."""

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.values import Failure, Message, User
from .shared.refreshed import PollsADeadGrant
from .table import Bite, Table


class CallsItSomethingElse(Refreshing):
    """Flags the grant, and reports an answer that it can't read."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report something else."""
        try:
            super().grant_is_dead(user, stored)
        except Failure as failure:
            raise Failure(Kind.PROTOCOL_ERROR, "refused", status=failure.status) from None


class FlagsInMemoryOnly(Operations):
    """Knows that the grant is dead until it is restarted."""

    def op_state(self, message: Message) -> Message:
        """Tell what a restart would find."""
        return {**super().op_state(message), "needs_reauth": False}


class CrashesOnTheFlag(Refreshing):
    """Deletes the tokens, and does not expect to find none."""

    def fresh(self, name: str, user: User) -> Message:
        """Take the tokens for there."""
        assert not (self.client.store.load(user) or {}).get("needs_reauth")
        return super().fresh(name, user)


class StaysDisconnected(Operations):
    """Keeps the flag when new tokens come."""

    def op_seed(self, message: Message) -> Message:
        """Keep it."""
        user = self.client.store.user(message.get("user", "u1"))
        flag = (self.client.store.load(user) or {}).get("needs_reauth", False)
        self.client.store.save(user, {**message["token"], "needs_reauth": flag})
        return {"kind": "ok"}


class FlagsAndPolls(Operations, Refreshing):
    """Says that the grant is dead, and sends it at each use."""

    is_dead = False

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Note it where nobody looks."""
        self.is_dead = True
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")

    def told_state(self, user: User) -> Message:
        """Tell what was noted."""
        return {**super().told_state(user), "needs_reauth": self.is_dead}


class LearnsSlowly(FlagsAndPolls):
    """Lets a grant go when it was refused for the fourth time."""

    refusals = 0

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Count, and flag late."""
        self.refusals += 1
        if self.refusals > 3:
            Refreshing.grant_is_dead(self, user, stored)
        super().grant_is_dead(user, stored)


TABLE = Table(
    [
        Bite(CallsItSomethingElse, {"kind"}),
        Bite(FlagsInMemoryOnly, {"flagged"}),
        Bite(PollsADeadGrant, {"flagged", "no-polling", "not-for-ever"}),
        Bite(LearnsSlowly, {"no-polling"}),
        Bite(CrashesOnTheFlag, {"kind-later"}),
        Bite(StaysDisconnected, {"new-grant"}),
        Bite(FlagsAndPolls, {"no-polling", "not-for-ever"}),
        Bite(
            FlagsAndPolls,
            {"no-polling", "not-for-ever"},
            strict=False,
            verdict=Verdict.FAIL,
        ),
    ],
    follows={
        # Who sends it for ever sends it more than once.
        "not-for-ever": {"no-polling"},
    },
)
