"""H06: a client that does not look at the scheme."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.operations import Operations
from ..model_client.sending import Sending
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, Pending
from .shared.redirected import FollowsRedirects
from .table import Bite, Table


class LooksAtNoScheme(Sending):
    """Sends to any URL."""

    def check_confidential(self, url: str) -> None:
        """Let all pass."""


class LooksWhenItSends(Operations):
    """Sends its user to authorize, and refuses when a request is due."""

    def op_begin(self, message: Message) -> Message:
        """Look at no URL."""
        authorization, user = self.client.authorization, self.user_of(message)
        user.pending = authorization.new_pending()
        return {
            "kind": "ok",
            "authorize_url": self.client.authorization.authorize_url(user.pending),
        }


class LooksWhenItConnects(LooksWhenItSends, TokenEndpoint, Sending):
    """Forgets to look when it refreshes."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Look."""
        super().check_confidential(self.config["token_url"])
        return super().exchange(code, pending)

    def check_confidential(self, url: str) -> None:
        """Let the token endpoint pass."""
        if url != self.config["token_url"]:
            super().check_confidential(url)


class RefusesWithTheWrongWord(Sending):
    """Calls plain http an answer that can't be read."""

    def check_confidential(self, url: str) -> None:
        """Rename the failure."""
        try:
            super().check_confidential(url)
        except Failure as failure:
            failure.kind = Kind.PROTOCOL_ERROR
            raise


class AsksForHttps(Sending):
    """Looks whether a server with plain http leads to https, before it refuses."""

    def check_confidential(self, url: str) -> None:
        """Ask, then refuse."""
        try:
            super().check_confidential(url)
        except Failure:
            with closing(HTTPConnection(urlsplit(url).netloc, timeout=2)) as connection:
                connection.request("HEAD", "/")
            raise


TABLE = Table(
    [
        Bite(LooksAtNoScheme, {"nothing-sent", "refused"}),
        Bite(LooksWhenItConnects, {"nothing-sent", "refused"}),
        Bite(FollowsRedirects, {"nothing-sent", "refused"}),
        Bite(RefusesWithTheWrongWord, {"refused"}),
        Bite(AsksForHttps, {"nothing-sent"}),
        # Nothing has been sent yet when it refuses.
        Bite(LooksWhenItSends),
    ],
)
