"""D05: clients that can't let go of a dead grant."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class CallsItSomethingElse(ModelClient):
    """Flags the grant, and reports an answer that it can't read."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Report something else."""
        try:
            super().grant_is_dead(user, stored)
        except Failure as failure:
            raise Failure(Kind.PROTOCOL_ERROR, "refused", status=failure.status) from None


class FlagsInMemoryOnly(ModelClient):
    """Knows that the grant is dead until it is restarted."""

    def op_state(self, message: Message) -> Message:
        """Tell what a restart would find."""
        return {**super().op_state(message), "needs_reauth": False}


class PollsADeadGrant(ModelClient):
    """Reports the dead grant, and sends it again at each use."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Note nothing."""
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")


class CrashesOnTheFlag(ModelClient):
    """Deletes the tokens, and does not expect to find none."""

    def fresh(self, name: str, user: User) -> Message:
        """Take the tokens for there."""
        assert not (self.load(user) or {}).get("needs_reauth")
        return super().fresh(name, user)


class StaysDisconnected(ModelClient):
    """Keeps the flag when new tokens come."""

    def op_seed(self, message: Message) -> Message:
        """Keep it."""
        user = self.user(message.get("user", "u1"))
        flag = (self.load(user) or {}).get("needs_reauth", False)
        self.save(user, {**message["token"], "needs_reauth": flag})
        return {"kind": "ok"}


BROKEN = {
    CallsItSomethingElse: {"kind"},
    FlagsInMemoryOnly: {"flagged"},
    PollsADeadGrant: {"flagged", "no-polling"},
    CrashesOnTheFlag: {"kind-later"},
    StaysDisconnected: {"new-grant"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_mistreated_dead_grant_is_found(put: Put, client: type[ModelClient]) -> None:
    """Kind, store and journal show it."""
    assert failed(put("D05", client)) == BROKEN[client]
