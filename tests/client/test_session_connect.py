"""Connecting an account, by both clients on real sockets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    LivestormError,
    SecurityError,
    Tokens,
    TransportError,
)

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

TOKEN = "/oauth/token"
NOW = 1_800_000_000.0


def test_connect_exchanges_the_code(clients: Clients, server: ScriptedServer) -> None:
    """The code goes out once in a form body, with verifier, client credentials and JSON asked."""
    server.script(TOKEN, server.tokens())
    client = clients.make()
    request = client.authorization_request()
    tokens = client.connect(request, clients.callback(request, code="the-code"))
    (sent,) = server.seen
    assert (sent.method, sent.target) == ("POST", TOKEN)
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in sent.headers
    assert sent.form == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": "https://example.com/callback",
        "code_verifier": request.code_verifier,
        "client_id": "client-id",
        "client_secret": "client-secret",
    }
    assert client.tokens == tokens
    assert tokens == Tokens(
        access_token="new-access",
        refresh_token="new-refresh",
        expires_at=1_800_000_000.0 + 7200,
        scope=("identity:read",),
    )


def test_callback_that_comes_too_late_sends_nothing(
    clients: Clients, server: ScriptedServer
) -> None:
    """An hour after it was begun, an authorization is over."""
    client = clients.make()
    request = client.authorization_request()
    late = replace(request, expires_at=NOW - 0.001)
    assert request.expires_at == NOW + 3600
    with pytest.raises(SecurityError, match=r"^the authorization was begun too long ago$"):
        client.connect(late, clients.callback(late))
    assert server.seen == []
    server.script(TOKEN, server.tokens())
    just = replace(client.authorization_request(), expires_at=NOW)
    client.connect(just, clients.callback(just, code="the-code"))


def test_callback_of_another_issuer_sends_nothing(clients: Clients, server: ScriptedServer) -> None:
    """Where an issuer is configured, the callback must name it (RFC 9207, section 2.4)."""
    client = clients.make(issuer="https://app.livestorm.co")
    request = client.authorization_request()
    with pytest.raises(SecurityError, match="issuer"):
        client.connect(request, clients.callback(request, code="the-code"))
    assert server.seen == []


def test_connect_of_a_public_client_sends_no_secret(
    clients: Clients, server: ScriptedServer
) -> None:
    """Without a client secret there is no such member."""
    server.script(TOKEN, server.tokens())
    client = clients.make(client_secret=None)
    request = client.authorization_request()
    client.connect(request, clients.callback(request, code="the-code"))
    assert "client_secret" not in server.seen[0].form


def test_second_delivery_of_a_callback_sends_nothing(
    clients: Clients, server: ScriptedServer
) -> None:
    """The code is posted once and the first connection stays intact."""
    server.script(TOKEN, server.tokens())
    client = clients.make()
    request = client.authorization_request()
    tokens = client.connect(request, clients.callback(request, code="the-code"))
    with pytest.raises(SecurityError):
        client.connect(request, clients.callback(request, code="the-code"))
    assert len(server.seen) == 1
    assert client.tokens == tokens


def test_refused_authorization_sends_nothing(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """When the user denies, the token endpoint hears nothing and the tokens stay."""
    client = clients.make(fresh)
    request = client.authorization_request()
    with pytest.raises(LivestormError) as raised:
        client.connect(request, clients.callback(request, error="access_denied", code="the-code"))
    assert raised.value.kind == "denied"
    assert server.seen == []
    assert client.tokens == fresh


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "the-code"}, "reauth_required"),
        (401, {"error": "invalid_client"}, "config_error"),
        (429, {"errors": [{"title": "the-code"}]}, "retry_later"),
        (500, b"<html>the-code</html>", "retry_later"),
        (200, b"", "protocol_error"),
        (400, {"errors": [{"detail": "bad the-code"}]}, "protocol_error"),
    ],
)
def test_failed_exchange_is_not_repeated(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    status: int,
    body: object,
    kind: str,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """Whatever the endpoint answers, the code is not sent again and the tokens stay."""
    server.script(TOKEN, server.http(status, body))
    client = clients.make(fresh)
    request = client.authorization_request()
    with pytest.raises(LivestormError) as raised:
        client.connect(request, clients.callback(request, code="the-code"))
    assert raised.value.kind == kind
    assert_shows_no_secret(raised.value)
    assert len(server.seen) == 1
    assert client.tokens == fresh


def test_lost_answer_to_an_exchange_is_not_repeated(
    clients: Clients, server: ScriptedServer
) -> None:
    """A code may have been used up although no answer came."""
    server.script(TOKEN, server.reset_connection)
    client = clients.make()
    request = client.authorization_request()
    with pytest.raises(TransportError):
        client.connect(request, clients.callback(request, code="the-code"))
    assert len(server.seen) == 1
