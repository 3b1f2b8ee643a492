"""C06: clients that mistake a refused exchange."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class NamesEachAlike(ModelClient):
    """Has one exception for all refusals, without the code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Forget the code."""
        del answer, members
        return Failure(Kind.BUG, "[object Object]")


class AsksAgain(ModelClient):
    """Repeats a refused request."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send, and send again."""
        answer = super().token_request(form)
        return answer if answer.status < 400 else super().token_request(form)


class PromptsAtEachFailure(ModelClient):
    """Sends the user to the login page whenever something is refused."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Prompt."""
        self.emit({"type": "event", "event": "reauth_prompt", "user": "u1"})
        return super().refusal(answer, members)


class ForgetsTokens(ModelClient):
    """Logs the user out at any failure."""

    def read_tokens(self, answer: Answer) -> Message:
        """Empty the store first."""
        self.user("u1").path.unlink(missing_ok=True)
        return super().read_tokens(answer)


def test_wrong_kind_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C06", NamesEachAlike)) == {"kind"}


def test_loop_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C06", AsksAgain)) == {"no-loop"}


def test_prompt_is_found(put: Put) -> None:
    """No user can mend the client's credentials."""
    assert failed(put("C06", PromptsAtEachFailure)) == {"no-prompt"}


def test_lost_tokens_are_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("C06", ForgetsTokens)) == {"store-unchanged"}
