"""C05: clients that repeat an exchange, or stay broken after it."""

from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import Impatient
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, Pending


class SendsTheCodeAgain(Impatient):
    """Repeats every request that failed."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send, and send again."""
        try:
            answer = super().exchange(code, pending)
        except Failure:
            return super().exchange(code, pending)
        return super().exchange(code, pending) if answer.status >= 500 else answer


class RepeatsWhatTimedOut(Impatient):
    """Repeats a request that took too long, and no other."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send again after a time-out."""
        try:
            return super().exchange(code, pending)
        except Failure as failure:
            if not failure.was_slow:
                raise
            return super().exchange(code, pending)


class KnowsOneFailure(Impatient):
    """Takes each failure for an answer that can't be read."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Forget what happened."""
        try:
            answer = super().exchange(code, pending)
            self.check_available(answer)
        except Failure:
            raise Failure(Kind.PROTOCOL_ERROR, "failed") from None
        return answer


class FailsForGood(Impatient):
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


def test_second_sending_after_a_timeout_is_found(put: Put) -> None:
    """Nobody knows what became of the first."""
    assert failed(put("C05", RepeatsWhatTimedOut)) == {"code-once"}


def test_wrong_kind_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C05", KnowsOneFailure)) == {"kind"}


def test_lasting_failure_is_found(put: Put) -> None:
    """A new flow shows it."""
    assert failed(put("C05", FailsForGood)) == {"new-flow"}
