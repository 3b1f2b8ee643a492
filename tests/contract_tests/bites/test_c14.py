"""C14: clients that stumble over bytes."""

from livestorm_contract_tests.driving.kinds import Kind

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


class BlamesTheSettings(ModelClient):
    """Takes a refusal that is not UTF-8 for one of the client, and looks for its code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Search the bytes."""
        failure = super().refusal(answer, members)
        if b"\xe9" in answer.body and b"invalid_grant" in answer.body:
            failure.kind, failure.code = Kind.CONFIG_ERROR, "invalid_grant"
        return failure


def test_chance_is_found(put: Put) -> None:
    """The second verdict shows it."""
    assert failed(put("C14", ChangesItsMind)) == {"consistent"}


def test_hidden_code_is_found(put: Put) -> None:
    """The error shows it."""
    assert failed(put("C14", HidesTheCode)) == {"code-told"}


def test_blame_on_the_settings_is_right(put: Put) -> None:
    """So each 4xx that can't be read may be taken."""
    assert failed(put("C14", BlamesTheSettings)) == set()


def test_crash_is_found(put: Put) -> None:
    """Kind and error show it."""
    assert failed(put("C14", NamesEachAlike)) == {"kind", "code-told"}
