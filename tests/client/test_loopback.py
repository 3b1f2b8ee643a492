"""Receiving the callback on this machine."""

import queue
import socket
import threading
from collections.abc import Callable

import httpx
import pytest
from livestorm_client import (
    AuthorizationRequest,
    ConfigurationError,
    LivestormClient,
    TransportError,
    receive_callback,
)
from livestorm_client.loopback import PAGE


@pytest.fixture
def request_() -> AuthorizationRequest:
    """A request whose callback comes to a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = LivestormClient(
        client_id="i", client_secret=None, redirect_uri=f"http://127.0.0.1:{port}/callback"
    )
    return client.authorization_request()


def browser(request: AuthorizationRequest, *targets: str) -> Callable[[str], object]:
    """Make a browser that goes to targets, one after the other, and checks the statuses."""

    def visit() -> None:
        with httpx.Client(trust_env=False) as http:
            for target in targets:
                http.get(target)

    return lambda _url: threading.Thread(target=visit).start()


def test_callback_is_received(request_: AuthorizationRequest) -> None:
    """The whole URL is given, as the browser called it."""
    url = f"{request_.redirect_uri}?code=c%20d&state={request_.state}"
    opened: list[str] = []
    go = browser(request_, url)

    def open_browser(address: str) -> None:
        opened.append(address)
        go(address)

    assert receive_callback(request_, open_browser=open_browser) == url
    assert opened == [request_.url]


def test_other_requests_are_no_callback(request_: AuthorizationRequest) -> None:
    """A forged callback, and what else a browser asks for, does not end the wait."""
    own = f"{request_.redirect_uri}?code=c&state={request_.state}"
    forged = f"{request_.redirect_uri}?code=c&state=no"
    icon = request_.redirect_uri.replace("/callback", "/favicon.ico")
    go = browser(request_, request_.redirect_uri, forged, f"{icon}?state={request_.state}", own)
    assert receive_callback(request_, open_browser=go) == own


def test_only_the_callback_gets_the_page(request_: AuthorizationRequest) -> None:
    """The user sees an HTML page; everything else is not found."""
    own = f"{request_.redirect_uri}?code=c&state={request_.state}"
    icon = own.replace("/callback", "/favicon.ico")
    answers: list[tuple[int, str, bytes]] = []

    def visit() -> None:
        with httpx.Client(trust_env=False) as http:
            for target in (icon, request_.redirect_uri, own):
                answer = http.get(target)
                kind = answer.headers["content-type"]
                answers.append((answer.status_code, kind, answer.content))

    thread = threading.Thread(target=visit)
    receive_callback(request_, open_browser=lambda _url: thread.start())
    thread.join()
    refused = (404, "text/html", b"")
    assert answers == [refused, refused, (200, "text/html", PAGE)]


def test_nothing_but_its_own_address_is_listened_at(request_: AuthorizationRequest) -> None:
    """Other addresses of the machine do not answer."""
    own = f"{request_.redirect_uri}?code=c&state={request_.state}"
    go, port = browser(request_, own), httpx.URL(own).port or 0
    refused: list[bool] = []

    def open_browser(url: str) -> None:
        with socket.socket() as other:
            refused.append(other.connect_ex(("127.0.0.2", port)) != 0)
        go(url)

    receive_callback(request_, open_browser=open_browser)
    assert refused == [True]


def test_idle_connection_holds_nobody_up(request_: AuthorizationRequest) -> None:
    """A browser may connect ahead and say nothing."""
    own = f"{request_.redirect_uri}?code=c&state={request_.state}"
    go, address = browser(request_, own), httpx.URL(request_.redirect_uri)
    idle: list[socket.socket] = []

    def open_browser(url: str) -> None:
        idle.append(socket.create_connection((address.host, address.port or 80)))
        go(url)

    assert receive_callback(request_, open_browser=open_browser) == own
    idle[0].close()


def test_nobody_comes_back(request_: AuthorizationRequest) -> None:
    """The wait has an end, and no success."""
    with pytest.raises(TransportError, match=r"^the user was not sent back in time$"):
        receive_callback(request_, open_browser=lambda _url: None, timeout=0.01)


def test_address_that_is_taken_is_a_configuration_error(request_: AuthorizationRequest) -> None:
    """Two programs cannot listen at one address."""
    address = httpx.URL(request_.redirect_uri)
    with (
        socket.create_server((address.host, address.port or 0)),
        pytest.raises(ConfigurationError, match="cannot listen"),
    ):
        receive_callback(request_, open_browser=lambda _url: None)


def test_nothing_is_printed(
    request_: AuthorizationRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    """The request line has the code in it."""
    own = f"{request_.redirect_uri}?code=the-code&state={request_.state}"
    receive_callback(request_, open_browser=browser(request_, own))
    assert capfd.readouterr() == ("", "")


def test_browser_that_cannot_be_opened_leaves_nothing_behind(
    request_: AuthorizationRequest,
) -> None:
    """The error is the caller's, and the address is free again."""
    before = set(threading.enumerate())

    def fail(_url: str) -> None:
        raise OSError("no browser")

    with pytest.raises(OSError, match="no browser"):
        receive_callback(request_, open_browser=fail)
    address = httpx.URL(request_.redirect_uri)
    with socket.create_server((address.host, address.port or 0)):
        pass
    threads = set(threading.enumerate()) - before
    for thread in threads:
        thread.join(10)
    assert [thread for thread in threads if thread.is_alive()] == []


@pytest.mark.parametrize(
    ("redirect_uri", "reason"),
    [
        ("http:///callback", "it names no host"),
        ("http://127.0.0.1:99999/callback", "Port out of range"),
        ("http://127.0.0.1:x/callback", "Port could not be cast"),
    ],
)
def test_address_that_is_none_is_a_configuration_error(redirect_uri: str, reason: str) -> None:
    """The message names it, and what is wrong with it."""
    client = LivestormClient(client_id="i", client_secret=None, redirect_uri=redirect_uri)
    with pytest.raises(ConfigurationError, match=f"cannot listen at {redirect_uri}: {reason}"):
        receive_callback(client.authorization_request(), open_browser=lambda _url: None)


def test_wait_is_five_minutes_by_default(
    request_: AuthorizationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user needs time to sign in."""
    waits: list[float] = []

    class Empty(queue.Queue[str]):
        def get(self, block: bool = True, timeout: float | None = None) -> str:
            waits.append(timeout or 0.0)
            raise queue.Empty

    monkeypatch.setattr("livestorm_client.loopback.Queue", Empty)
    with pytest.raises(TransportError):
        receive_callback(request_, open_browser=lambda _url: None)
    assert waits == [300.0]


def test_port_is_that_of_http_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect URI may leave it out."""
    addresses: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], _handler: object) -> None:
        addresses.append(address)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("livestorm_client.loopback.ThreadingHTTPServer", refuse)
    client = LivestormClient(
        client_id="i", client_secret=None, redirect_uri="http://localhost/callback"
    )
    with pytest.raises(ConfigurationError, match="cannot listen at http://localhost/callback"):
        receive_callback(client.authorization_request(), open_browser=lambda _url: None)
    assert addresses == [("localhost", 80)]
