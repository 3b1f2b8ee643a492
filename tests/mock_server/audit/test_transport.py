"""The rules on transport and headers."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.mark.parametrize("host", ["livestorm.example.test", "192.0.2.1:8787", "[2001:db8::1]:80"])
def test_plain_http_is_found(livestorm: LivestormSandbox, sender: Sender, host: str) -> None:
    """Plain http to another machine is found."""
    sender.call(str(livestorm.issue_tokens()["access_token"]), Host=host)
    assert found(livestorm) == {"plain_http": (1,)}
    assert message(livestorm).startswith("plain http to ")


@pytest.mark.parametrize(
    "host", ["localhost:8787", "app.localhost", "127.0.0.1", "127.8.8.8:1", "[::1]:8787"]
)
def test_plain_http_to_this_machine_is_fine(
    livestorm: LivestormSandbox, sender: Sender, host: str
) -> None:
    """Nobody listens on the way to this machine."""
    sender.call(str(livestorm.issue_tokens()["access_token"]), Host=host)
    assert found(livestorm) == {}


def test_proxy_with_tls_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A proxy in front of the fake tells that the client spoke TLS."""
    token = str(livestorm.issue_tokens()["access_token"])
    sender.call(token, **{"Host": "livestorm.example.test", "X-Forwarded-Proto": "https"})
    assert found(livestorm) == {}


def test_token_request_without_accept_is_found(livestorm: LivestormSandbox, sender: Sender) -> None:
    """A token request that does not say what it takes is found."""
    url = f"{livestorm.app_url}/oauth/token"
    form = {"grant_type": "refresh_token", "refresh_token": "unknown-token"}
    request = sender.http.build_request("POST", url, data=form)
    del request.headers["accept"]
    sender.http.send(request)
    assert found(livestorm) == {"missing_accept": (1,)}


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_token_request_with_accept_is_fine(
    livestorm: LivestormSandbox, sender: Sender, accept: str
) -> None:
    """JSON, or anything, is an answer to the question."""
    sender.request_token({"Accept": accept}, grant_type="refresh_token", refresh_token="unknown")
    assert found(livestorm) == {}
