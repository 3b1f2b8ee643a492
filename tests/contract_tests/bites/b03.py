"""B03: clients that expect every callback to have a flow."""

from collections.abc import Mapping
from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.operations import Operations
from ..model_client.values import Failure, Message, Pending, User
from .shared.careless import Disconnects, SendsSomethingAnyway
from .table import Bite, Table


class ExpectsAFlow(Callbacks):
    """Reads the state of a session that is not there."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Expect it."""
        assert user.pending is not None
        return super().check_state(user, given)


class KeepsFlowsInAnObject(Callbacks):
    """Looks a flow up by its state in an object, which has members of its own."""

    members: ClassVar[tuple[str, ...]] = ("constructor", "__proto__", "toString")

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Take a function for a flow."""
        if given.get("state") in self.members:
            raise AttributeError("'function' has no attribute 'code_verifier'")
        return super().check_state(user, given)


class KeepsFlowsAsAttributes(KeepsFlowsInAnObject):
    """Does so in Python."""

    members: ClassVar[tuple[str, ...]] = ("__class__",)


class TakesNoStateForNone(Callbacks):
    """Finds that an empty state is the one of no flow."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Compare nothing with nothing."""
        if user.pending is None and given.get("state") == "":
            return self.client.authorization.new_pending()
        return super().check_state(user, given)


class LocksUp(Callbacks):
    """Refuses all that comes after a callback without a flow."""

    is_locked = False

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Note the attack."""
        self.is_locked = self.is_locked or user.pending is None
        if self.is_locked:
            raise Failure(Kind.SECURITY_ERROR, "locked")
        return super().check_state(user, given)


class KeepsFlows(Operations, Callbacks):
    """Finds its flows again after a restart."""

    def op_begin(self, message: Message) -> Message:
        """Write the flow down."""
        begun = super().op_begin(message)
        user = self.client.store.user(message["user"])
        flow = user.pending
        assert flow is not None
        (user.path.parent / "flow").write_text(f"{flow.state} {flow.verifier}")
        return begun

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Read it."""
        kept = user.path.parent / "flow"
        if user.pending is None and kept.exists():
            state, verifier = kept.read_text().split()
            user.pending = Pending(state, verifier, self.config["redirect_uri"], self.now())
        return super().check_state(user, given)


TABLE = Table(
    [
        Bite(ExpectsAFlow, {"kind"}),
        Bite(KeepsFlowsInAnObject, {"kind"}),
        Bite(KeepsFlowsAsAttributes, {"kind"}),
        Bite(TakesNoStateForNone, {"kind", "no-token-request"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(LocksUp, {"recovers"}),
        # Flows may be kept, as a session store keeps them.
        Bite(KeepsFlows, apart=True),
    ],
)
