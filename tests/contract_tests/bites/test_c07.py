"""C07: clients that lose the code of an error."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, ModelClient


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


def test_lost_code_is_found(put: Put) -> None:
    """Kind and error show it."""
    assert failed(put("C07", NamesEachAlike)) == {"kind", "code-told"}


def test_loop_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C07", AsksAgain)) == {"not-repeated"}
