"""H03: clients that take their token along, or a redirect for an answer."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class TakesItsTokenAlong(ModelClient):
    """Follows redirects with all its headers, as an HTTP client of its own does."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Follow."""
        answer = super().api_request(method, path, message, stored)
        if answer.status < 300 or answer.status >= 400:
            return answer
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        return self.send(method, answer.headers["location"], headers=headers)


class LeavesItsTokenBehind(ModelClient):
    """Follows redirects of the API, to other origins without its token."""

    follows = False

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Follow."""
        self.follows = True
        try:
            return super().api_request(method, path, message, stored)
        finally:
            self.follows = False

    def follows_redirects(self) -> bool:
        """Tell whether it is the API that is asked."""
        return self.follows


class TakesRedirectsForAnswers(ModelClient):
    """Looks for a 4xx or 5xx only."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Let a redirect pass."""
        return {} if 300 <= answer.status < 400 else super().read_document(answer, path)


def test_token_taken_along_is_found(put: Put) -> None:
    """The other origin hears it."""
    assert failed(put("H03", TakesItsTokenAlong)) == {"no-token-elsewhere"}


def test_token_left_behind_is_right(put: Put) -> None:
    """The call is refused there, refreshed, and repeated until the redirects end."""
    assert put("H03", LeavesItsTokenBehind).verdict is Verdict.PASS


def test_token_is_followed_everywhere(put: Put) -> None:
    """To another port, another host, and to http."""
    assert len(put("H03", TakesItsTokenAlong).variants) == 15


def test_redirect_taken_for_an_answer_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("H03", TakesRedirectsForAnswers)) == {"kind"}
