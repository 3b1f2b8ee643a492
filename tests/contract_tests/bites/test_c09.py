"""C09: clients that take a gateway's error for a token, or lose one over it."""

from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class TakesErrorsForTokens(ModelClient):
    """Stores whatever JSON comes, as a client does that looks at no status."""

    def read_tokens(self, answer: Answer) -> Message:
        """Read no status."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class TellsNothingOfItsStore(TakesErrorsForTokens):
    """Offers what connects a user and what uses the connection, and no more."""

    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call")


class TakesErrorsForCrashes(ModelClient):
    """Expects an OAuth error, and has no word for another."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Look a code up that is not there."""
        assert isinstance(members, dict)
        return Failure(Kind.CONFIG_ERROR, members["error"])


class SendsTheCodeAgain(ModelClient):
    """Tries the exchange once more where it was refused."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send twice."""
        answer = super().token_request(form)
        return answer if answer.status < 400 else super().token_request(form)


def test_error_taken_for_a_token_is_found(put: Put) -> None:
    """Kind, contradiction and store show it."""
    assert failed(put("C09", TakesErrorsForTokens)) == {"kind", "store-unchanged"}


def test_error_taken_for_a_token_is_found_without_a_look_at_the_store(put: Put) -> None:
    """The kind is enough."""
    assert failed(put("C09", TellsNothingOfItsStore)) == {"kind"}


def test_unknown_form_of_an_error_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("C09", TakesErrorsForCrashes)) == {"kind"}


def test_second_sending_of_the_code_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C09", SendsTheCodeAgain)) == {"code-once"}


def test_client_is_judged_in_a_process_of_its_own_alike(put: Put) -> None:
    """Over standard input and output the verdict is the same."""
    assert failed(put("C09", SendsTheCodeAgain, apart=True)) == {"code-once"}
