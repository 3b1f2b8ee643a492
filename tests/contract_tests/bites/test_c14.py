"""C14: clients that stumble over bytes."""

from livestorm_contract_tests.adapter import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class ChangesItsMind(ModelClient):
    """Refuses every second token."""

    count = 0

    def read_tokens(self, answer: Answer) -> Message:
        """Count."""
        self.count += 1
        members = super().read_tokens(answer)
        if self.count % 2:
            raise Failure(Kind.PROTOCOL_ERROR, "not this time", status=answer.status)
        return members


class HidesTheCode(ModelClient):
    """Says only that something went wrong."""

    def describe(self, error: Exception) -> Message:
        """Leave all out."""
        return {"class": type(error).__name__, "message": "failed", "repr": "Failure()"}


class NamesEachAlike(ModelClient):
    """Has one exception for all refusals, without the code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Forget the code."""
        del answer, members
        return Failure(Kind.BUG, "[object Object]")


def test_chance_is_found(put: Put) -> None:
    """The second verdict shows it."""
    assert failed(put("C14", ChangesItsMind)) == {"consistent"}


def test_hidden_code_is_found(put: Put) -> None:
    """The error shows it."""
    assert failed(put("C14", HidesTheCode)) == {"code-told"}


def test_crash_is_found(put: Put) -> None:
    """Kind and error show it."""
    assert failed(put("C14", NamesEachAlike)) == {"kind", "code-told"}
