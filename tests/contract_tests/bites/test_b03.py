"""B03: clients that expect every callback to have a flow."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from .careless import SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, Pending, User


class ExpectsAFlow(ModelClient):
    """Reads the state of a session that is not there."""

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Expect it."""
        assert user.pending is not None
        return super().check_state(user, given)


class LocksUp(ModelClient):
    """Refuses all that comes after a callback without a flow."""

    is_locked = False

    def check_state(self, user: User, given: Mapping[str, str]) -> Pending:
        """Note the attack."""
        self.is_locked = self.is_locked or user.pending is None
        if self.is_locked:
            raise Failure(Kind.SECURITY_ERROR, "locked")
        return super().check_state(user, given)


class KeepsFlows(ModelClient):
    """Finds its flows again after a restart."""

    def op_begin(self, message: Message) -> Message:
        """Write the flow down."""
        begun = super().op_begin(message)
        user = self.user(message["user"])
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


def test_crash_without_a_flow_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("B03", ExpectsAFlow)) == {"kind"}


def test_token_request_without_a_flow_is_found(put: Put) -> None:
    """There is nothing that its code could belong to."""
    assert failed(put("B03", SendsSomethingAnyway)) == {"no-token-request"}


def test_client_that_locks_up_is_found(put: Put) -> None:
    """One odd callback must not end all of them."""
    assert failed(put("B03", LocksUp)) == {"recovers"}


def test_flow_that_outlives_a_restart_is_no_failure(put: Put) -> None:
    """Flows may be kept, as a session store keeps them."""
    assert put("B03", KeepsFlows, apart=True).verdict is Verdict.PASS
