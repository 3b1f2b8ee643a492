"""Whether a connection goes on after an answer, whichever release of uvicorn serves it."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .wire import ConnectionEnded, Wire, frame

ENDING = ["close", "Close", "CLOSE ", "keep-alive, close", "close,TE", "TE\r\nConnection: close"]
PERSISTING = ["keep-alive", "Keep-Alive", "TE", "closed", "keep-alive, x-close"]


def path_of(livestorm: LivestormSandbox) -> str:
    """Give the path of the endpoint that needs no parameters."""
    return livestorm.api_url.partition("//")[2].partition("/")[2]


def ask(wire: Wire, livestorm: LivestormSandbox, *connection: str, version: str = "1.1") -> None:
    """Send a request with this `Connection`."""
    target = f"/{path_of(livestorm)}/ping"
    request = frame("GET", target, [("Connection", value) for value in connection])
    wire.send(request.replace(b"HTTP/1.1", f"HTTP/{version}".encode(), 1))


@pytest.mark.parametrize("value", ENDING)
def test_connection_ends_where_the_client_says_so(livestorm: LivestormSandbox, value: str) -> None:
    """`close` is an option among others, in any case; the answer says that it ends."""
    with Wire(livestorm.api_url) as wire:
        ask(wire, livestorm, value)
        assert wire.read().ends_connection
        with pytest.raises(ConnectionEnded):
            wire.read()


@pytest.mark.parametrize("value", PERSISTING)
def test_connection_goes_on_by_default(livestorm: LivestormSandbox, value: str) -> None:
    """What is not `close` leaves the connection open for the next request."""
    with Wire(livestorm.api_url) as wire:
        for _ in range(2):
            ask(wire, livestorm, value)
            assert not wire.read().ends_connection


@pytest.mark.parametrize("value", [[], ["keep-alive"], ["close"]])
def test_connection_of_http_1_0_ends(livestorm: LivestormSandbox, value: list[str]) -> None:
    """HTTP/1.0 gets one answer for a connection."""
    with Wire(livestorm.api_url) as wire:
        ask(wire, livestorm, *value, version="1.0")
        assert wire.read().ends_connection
        with pytest.raises(ConnectionEnded):
            wire.read()
