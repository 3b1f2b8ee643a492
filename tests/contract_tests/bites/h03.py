"""H03: clients that take their token along, or a redirect for an answer."""

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Answer, Message
from .shared.redirected import FollowsRedirects
from .table import Bite, Table


class TakesItsTokenAlong(ApiCalls):
    """Follows redirects with all its headers, as an HTTP client of its own does."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Follow."""
        answer = super().api_request(method, path, message, stored)
        if answer.status < 300 or answer.status >= 400:
            return answer
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        return self.client.http.send(method, answer.headers["location"], headers=headers)


class LeavesItsTokenBehind(ApiCalls, FollowsRedirects):
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


class TakesRedirectsForAnswers(ApiCalls):
    """Looks for a 4xx or 5xx only."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Let a redirect pass."""
        return {} if 300 <= answer.status < 400 else super().read_document(answer, path)


TABLE = Table(
    [
        Bite(TakesItsTokenAlong, {"no-token-elsewhere"}),
        Bite(TakesRedirectsForAnswers, {"kind"}),
        # Refused there, it refreshes, and repeats the call until the redirects end.
        Bite(LeavesItsTokenBehind),
    ],
)
