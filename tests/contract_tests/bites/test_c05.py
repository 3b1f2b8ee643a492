"""C05: clients that repeat an exchange, or stay broken after it."""

from livestorm_contract_tests.adapter import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, Pending


class SendsTheCodeAgain(ModelClient):
    """Repeats every request that failed."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send, and send again."""
        try:
            answer = super().exchange(code, pending)
        except Failure:
            return super().exchange(code, pending)
        return super().exchange(code, pending) if answer.status >= 500 else answer


class KnowsOneFailure(ModelClient):
    """Takes each failure for an answer that can't be read."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Forget what happened."""
        try:
            answer = super().exchange(code, pending)
            self.check_available(answer)
        except Failure:
            raise Failure(Kind.PROTOCOL_ERROR, "failed") from None
        return answer


class FailsForGood(ModelClient):
    """Remembers a failure for ever."""

    broken = False

    def configure(self, config: Message) -> None:
        """Begin anew."""
        self.broken = False
        super().configure(config)

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Fail as before."""
        if self.broken:
            raise Failure(Kind.TRANSPORT_ERROR, "failed before")
        self.broken = True
        return super().exchange(code, pending)


def test_second_sending_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C05", SendsTheCodeAgain)) == {"code-once"}


def test_wrong_kind_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C05", KnowsOneFailure)) == {"kind"}


def test_lasting_failure_is_found(put: Put) -> None:
    """A new flow shows it."""
    assert failed(put("C05", FailsForGood)) == {"new-flow"}
