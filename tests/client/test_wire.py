"""Faults of the transport, met by both clients on real sockets."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    LivestormError,
    ProtocolError,
    Tokens,
    TransportError,
)
from livestorm_client.wire import make_transport

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

HEAD = b"HTTP/1.1 200 OK\r\n"
INCOMPLETE = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "short body": HEAD + b'Content-Length: 100\r\n\r\n{"data": {}}',
    "endless chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\r\n",
    "no http": b"220 mail.example ESMTP\r\n",
    "endless head": HEAD + b"X: y\r\n" * 100_000,
}


def assert_carries_no_request(error: LivestormError) -> None:
    """Nothing hangs on the error that holds a request, and so a token."""
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize("raw", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_incomplete_answer_is_a_transport_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens, raw: bytes
) -> None:
    """An answer that is cut or no HTTP is none, and the tokens stay."""
    server.script("/v1/x", raw)
    client = clients.make(fresh, max_retries=0)
    with pytest.raises(TransportError) as raised:
        client.get("/x")
    assert_carries_no_request(raised.value)
    assert client.tokens == fresh


def test_reset_is_a_transport_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """An aborted connection is reported as such."""
    server.script("/v1/x", server.reset_connection)
    with pytest.raises(
        TransportError, match=r"^no complete answer: (Read|RemoteProtocol)Error$"
    ) as raised:
        clients.make(fresh, max_retries=0).get("/x")
    assert_carries_no_request(raised.value)


def test_refused_connection_is_a_transport_error(clients: Clients, fresh: Tokens) -> None:
    """Where nobody listens there is no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = clients.make(fresh, url=f"http://127.0.0.1:{port}")
    with pytest.raises(TransportError) as raised:
        client.get("/x")
    assert_carries_no_request(raised.value)
    assert len(clients.pauses) == 2


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX: ", HEAD + b"\r\n{}"])
def test_dripping_answer_ends_at_the_time_limit(
    clients: Clients, server: ScriptedServer, fresh: Tokens, begun: bytes
) -> None:
    """Bytes that trickle in, in the head or the body, do not prolong the request."""
    server.script("/v1/x", server.drip(begun))
    client = clients.make(fresh, max_retries=0, timeout=0.2)
    started = time.monotonic()
    with pytest.raises(TransportError) as raised:
        client.get("/x")
    assert time.monotonic() - started < 2
    assert_carries_no_request(raised.value)


def test_silent_server_ends_at_the_time_limit(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A server that accepts and says nothing is given up."""
    server.script("/v1/x", server.hang)
    started = time.monotonic()
    with pytest.raises(TransportError):
        clients.make(fresh, max_retries=0, timeout=0.2).get("/x")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("status", [300, 302, 429, 500, 503])
def test_status_that_asks_for_a_wait_needs_no_body(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """What a redirect, a 429 or a 5xx says is not lost with a body that never ends."""
    head = f"HTTP/1.1 {status} X\r\nretry-after: 99\r\nContent-Length: 9999\r\n\r\n"
    server.script("/v1/x", server.drip(head.encode()))
    with pytest.raises(LivestormError) as raised:
        clients.make(fresh, timeout=1.0).get("/x")
    assert raised.value.status == status
    assert raised.value.retry_after == (99.0 if status >= 429 else None)


def test_endless_body_is_a_protocol_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """No more than a megabyte is read, however much is announced."""
    reply = HEAD + b"Content-Length: 999999999\r\n\r\n" + b" " * 1_100_000
    server.script("/v1/x", server.drip(reply))
    with pytest.raises(ProtocolError):
        clients.make(fresh).get("/x")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/elsewhere", "http://[bad", "//evil.example:99999/"])
def test_redirect_is_never_followed(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int, location: str
) -> None:
    """A redirect of the token endpoint is an error, whatever its target, and is sent nothing."""
    server.script("/oauth/token", server.http(status, b"", {"Location": location}))
    client = clients.make(fresh)
    with pytest.raises(ProtocolError) as raised:
        client.refresh()
    assert raised.value.status == status
    assert len(server.seen) == 1
    assert client.tokens == fresh


def test_each_request_has_a_connection_of_its_own(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A request never meets a connection that the server has given up meanwhile."""
    server.script("/v1/x", server.http(200, {"data": {}}))
    client = clients.make(fresh)
    assert [client.get("/x"), client.get("/x")] == [{"data": {}}] * 2
    assert len(server.seen) == 2


def test_log_holds_no_secret(
    clients: Clients, server: ScriptedServer, expired: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at debug level the log has no token and no client secret."""
    caplog.set_level(logging.DEBUG)
    server.script("/oauth/token", server.tokens())
    server.script("/v1/x", server.http(200, {"data": {}}))
    clients.make(expired).get("/x")
    secrets = ("old-access", "old-refresh", "new-access", "new-refresh", "client-secret")
    assert caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_certificates_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the usual authorities, with the name."""
    contexts: list[object] = []
    monkeypatch.setattr("httpx.AsyncHTTPTransport", lambda verify: contexts.append(verify))
    make_transport()
    (context,) = contexts
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
