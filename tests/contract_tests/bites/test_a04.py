"""A04: clients that send the redirect URI as they would write it."""

from urllib.parse import urlsplit

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient, Pending


class AddsTheSlash(ModelClient):
    """Takes the URI through a URL class, which fills in the path."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Normalise it."""
        asked = super().authorization_parameters(pending)
        parts = urlsplit(asked["redirect_uri"])
        return {**asked, "redirect_uri": parts._replace(path=parts.path or "/").geturl()}


class AddsThePort(ModelClient):
    """Takes the URI apart, and finds that each URI has a port."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Fill it in."""
        parts = urlsplit(pending.redirect_uri)
        netloc = f"{parts.netloc}:80" if parts.port is None else parts.netloc
        pending.redirect_uri = parts._replace(netloc=netloc).geturl()
        return super().exchange(code, pending)


class LowersTheHost(ModelClient):
    """Takes the URI apart and puts it together again, in the token request."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Normalise it."""
        pending.redirect_uri = pending.redirect_uri.replace("LocalHost", "localhost")
        return super().exchange(code, pending)


class SendsTheCallback(ModelClient):
    """Takes the URL of the callback, query and all, for the redirect URI."""

    def connect(self, name: str, url: str) -> Message:
        """Remember the URL."""
        pending = self.user(name).pending
        assert pending is not None
        pending.redirect_uri = url
        return super().connect(name, url)


def test_normalised_uri_in_the_authorization_request_is_found(put: Put) -> None:
    """A slash more is another URI."""
    assert failed(put("A04", AddsTheSlash)) == {"authorization-request"}


def test_normalised_uri_in_the_token_request_is_found(put: Put) -> None:
    """So is another case."""
    assert failed(put("A04", LowersTheHost)) == {"token-request"}


def test_port_in_the_token_request_is_found(put: Put) -> None:
    """A port that is understood is none that was registered."""
    assert failed(put("A04", AddsThePort)) == {"token-request"}


def test_callback_url_for_redirect_uri_is_found(put: Put) -> None:
    """`?code=` and `&state=` are not part of it."""
    assert failed(put("A04", SendsTheCallback)) == {"token-request"}
