"""C12: clients that copy a page into their errors."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class CopiesThePage(ModelClient):
    """Puts the whole body into the error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()
            raise Failure(failure.kind, text, status=failure.status) from None


class NamesEachAlike(ModelClient):
    """Has one exception for all refusals, without the code."""

    def read_tokens(self, answer: Answer) -> Message:
        """Forget the code."""
        del answer
        raise Failure(Kind.BUG, "[object Object]")


def test_copied_page_is_found(put: Put) -> None:
    """Length and canary show it."""
    assert failed(put("C12", CopiesThePage)) == {"bounded", "scrubbed"}


def test_lost_status_is_found(put: Put) -> None:
    """Kind and error show it."""
    assert failed(put("C12", NamesEachAlike)) == {"kind", "status-told"}
