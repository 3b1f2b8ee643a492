"""A04: clients that send the redirect URI as they would write it."""

from urllib.parse import urlsplit

from ..model_client.authorization import Authorization
from ..model_client.callbacks import Callbacks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Message, Pending, User
from .table import Bite, Table


class AddsTheSlash(Authorization):
    """Takes the URI through a URL class, which fills in the path: a slash more is another URI."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Normalise it."""
        asked = super().authorization_parameters(pending)
        parts = urlsplit(asked["redirect_uri"])
        return {**asked, "redirect_uri": parts._replace(path=parts.path or "/").geturl()}


class AddsThePort(TokenEndpoint):
    """Takes the URI apart, and adds the port that is understood but was not registered."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Fill it in."""
        parts = urlsplit(pending.redirect_uri)
        netloc = f"{parts.netloc}:80" if parts.port is None else parts.netloc
        pending.redirect_uri = parts._replace(netloc=netloc).geturl()
        return super().exchange(code, pending)


class LowersTheHost(TokenEndpoint):
    """Takes the URI apart and puts it together again, in the token request."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Normalise it."""
        pending.redirect_uri = pending.redirect_uri.replace("LocalHost", "localhost")
        return super().exchange(code, pending)


class SendsTheCallback(Callbacks):
    """Takes the URL of the callback, query and all, for the redirect URI."""

    def connect(self, name: str, url: str) -> Message:
        """Remember the URL."""
        pending = self.client.store.user(name).pending
        assert pending is not None
        pending.redirect_uri = url
        return super().connect(name, url)


class SendsAnUnknownScope(Authorization):
    """Asks for what another provider calls the profile."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Ask for it."""
        return {**super().authorization_parameters(pending), "scope": "openid profile"}


class LeavesForAnotherHost(Authorization):
    """Asks the right question, of somebody else."""

    def begin(self, user: User) -> Message:
        """Replace the host."""
        url = urlsplit(super().begin(user)["authorize_url"])
        return {"authorize_url": url._replace(netloc="127.0.0.1:9").geturl()}


TABLE = Table(
    [
        Bite(AddsTheSlash, {"authorization-request"}),
        Bite(LowersTheHost, {"token-request"}),
        Bite(AddsThePort, {"token-request"}),
        Bite(SendsTheCallback, {"token-request"}),
        Bite(SendsAnUnknownScope, {"authorization-taken"}),
        Bite(LeavesForAnotherHost, {"authorization-taken"}),
    ],
)
