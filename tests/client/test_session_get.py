"""Calling the API, by both clients on real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    ConfigurationError,
    MemoryStore,
    ProtocolError,
    RateLimited,
    ReauthorizationRequired,
    RetryLater,
    SecurityError,
    Tokens,
)

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

TOKEN = "/oauth/token"
ME = "/v1/me"
USER = {"data": {"type": "users", "id": "1"}}


def test_call_carries_the_token_in_the_header_only(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """The bearer token is sent once, and the query is the caller's."""
    server.script("/v1/events", server.http(200, {"data": []}))
    document = clients.make(fresh).get("/events", {"page[number]": "0"})
    (sent,) = server.seen
    assert document == {"data": []}
    assert sent.headers["authorization"] == "Bearer old-access"
    assert sent.headers["accept"] == "application/vnd.api+json"
    assert sent.target == "/v1/events?page%5Bnumber%5D=0"


def test_me_gives_the_data_object(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """The envelope is taken off."""
    server.script(ME, server.http(200, USER, content_type="application/vnd.api+json"))
    assert clients.make(fresh).me() == USER["data"]


def test_ping_gives_an_empty_document(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A 200 without a body is a success of get, and no user for me."""
    server.script("/v1/ping", server.http(200))
    server.script(ME, server.http(200))
    client = clients.make(fresh)
    assert client.get("/ping") == {}
    with pytest.raises(ProtocolError):
        client.me()


@pytest.mark.parametrize("data", [None, [], "user"])
def test_me_without_a_data_object_is_a_protocol_error(
    clients: Clients, server: ScriptedServer, fresh: Tokens, data: object
) -> None:
    """The message says what was missing, and the status comes along."""
    server.script(ME, server.http(200, {"data": data}))
    message = r"^the API answered a document without a data object$"
    with pytest.raises(ProtocolError, match=message) as raised:
        clients.make(fresh).me()
    assert raised.value.status == 200


def test_request_sends_the_query(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """Parameters are encoded into the URL."""
    server.script("/v1/events", server.http(200, {"data": []}))
    clients.make(fresh).request("GET", "/events", {"filter[title]": "a&b"})
    assert server.seen[0].target == "/v1/events?filter%5Btitle%5D=a%26b"


@pytest.mark.parametrize(
    "path", ["https://evil.example/me", "me", "@evil.example", "", "/a\nb", "/\ud800"]
)
def test_what_is_no_path_is_sent_nowhere(
    clients: Clients, server: ScriptedServer, fresh: Tokens, path: str
) -> None:
    """A link out of an answer, used as a path, is refused with the token still here."""
    message = r"^a path below the API begins with a slash, and is no URL$"
    with pytest.raises(SecurityError, match=message):
        clients.make(fresh).get(path)
    assert server.seen == []


@pytest.mark.parametrize("path", ["//evil.example/me", "/@evil.example", "/\\evil.example"])
def test_path_never_leads_to_another_origin(
    clients: Clients, server: ScriptedServer, fresh: Tokens, path: str
) -> None:
    """Whatever begins with a slash stays on the API's origin, below its path."""
    with pytest.raises(RetryLater):
        clients.make(fresh, max_retries=0).get(path)
    assert [request.target.startswith("/v1/") for request in server.seen] == [True]


def test_expired_tokens_are_refreshed_first(
    clients: Clients, server: ScriptedServer, expired: Tokens
) -> None:
    """No call is made with a token that is known to be over."""
    server.script(TOKEN, server.tokens())
    server.script(ME, server.http(200, USER))
    client = clients.make(expired)
    client.me()
    client.me()
    assert len(server.token_requests) == 1
    assert server.bearers(ME) == ["Bearer new-access"] * 2


def test_expired_token_that_cannot_be_refreshed_is_tried(
    clients: Clients, server: ScriptedServer
) -> None:
    """Without a refresh token the API decides, and then a human."""
    server.script(ME, server.http(401))
    with pytest.raises(ReauthorizationRequired, match="no refresh token"):
        clients.make(Tokens(access_token="old-access", expires_at=0.0)).me()
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        'Bearer error="invalid_token"',
        'Bearer x_error="insufficient_scope", error="invalid_token"',
        'DPoP error="insufficient_scope", Bearer error="invalid_token"',
        'Basic, Bearer x="',
        "é",
    ],
)
def test_401_is_answered_by_one_refresh_and_one_call(
    clients: Clients, server: ScriptedServer, fresh: Tokens, challenge: str
) -> None:
    """A token that the API no longer knows is replaced, whatever the challenge says."""
    refused = server.http(401, b"", {"WWW-Authenticate": challenge})
    server.script(ME, refused, server.http(200, USER))
    server.script(TOKEN, server.tokens())
    assert clients.make(fresh).me() == USER["data"]
    assert server.bearers(ME) == ["Bearer old-access", "Bearer new-access"]
    assert len(server.token_requests) == 1


def test_second_401_ends_the_call(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """A refreshed token that is refused too is reported; the tokens stay."""
    server.script(ME, server.http(401, b"old-access new-access"))
    server.script(TOKEN, server.tokens())
    client = clients.make(fresh)
    with pytest.raises(ReauthorizationRequired) as raised:
        client.me()
    assert_shows_no_secret(raised.value)
    assert [request.target for request in server.seen] == [ME, TOKEN, ME]
    assert client.tokens is not None
    assert client.tokens.refresh_token == "new-refresh"


def test_401_after_a_refresh_ahead_leads_to_no_other(
    clients: Clients, server: ScriptedServer, expired: Tokens
) -> None:
    """One operation refreshes once, even when every new token is born expired."""
    server.script(ME, server.http(401))
    server.script(TOKEN, server.tokens(expires_in=0))
    with pytest.raises(ReauthorizationRequired):
        clients.make(expired).me()
    assert [request.target for request in server.seen] == [TOKEN, ME]


def test_401_of_a_token_that_was_replaced_meanwhile_needs_no_refresh(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A refresh elsewhere that killed the token in flight has already brought the next one."""
    store = MemoryStore(fresh)
    refused = server.http(401)

    def answer(connection: object, _stop: threading.Event) -> None:
        store.save(Tokens(access_token="their-access", refresh_token="their-refresh"))
        connection.sendall(refused)  # type: ignore[attr-defined]

    server.script(ME, answer, server.http(200, USER))
    assert clients.make(store=store).me() == USER["data"]
    assert server.bearers(ME) == ["Bearer old-access", "Bearer their-access"]


def test_403_is_reported_without_another_request(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """A refresh cannot widen the scope."""
    body = {"errors": [{"title": "Forbidden", "detail": "old-access lacks admin:read"}]}
    server.script(ME, server.http(403, body))
    with pytest.raises(ConfigurationError, match="lacks admin:read") as raised:
        clients.make(fresh).me()
    assert_shows_no_secret(raised.value)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [300, 404])
def test_challenge_of_another_status_means_nothing(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """Only a 401 or 403 is about the token (RFC 6750, section 3.1)."""
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    server.script(ME, server.http(status, b"", challenge))
    with pytest.raises(ProtocolError):
        clients.make(fresh).me()


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "challenge",
    ['Bearer realm="x", error="insufficient_scope"', "Basic, BEARER Error = insufficient_scope"],
)
def test_missing_scope_is_reported_without_another_request(
    clients: Clients, server: ScriptedServer, fresh: Tokens, challenge: str, status: int
) -> None:
    """Whatever the status, a challenge that names the scope is not answered by a refresh."""
    server.script(ME, server.http(status, b"", {"WWW-Authenticate": challenge}))
    with pytest.raises(ConfigurationError) as raised:
        clients.make(fresh).me()
    assert (raised.value.status, raised.value.code) == (status, "insufficient_scope")
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_short_wait_is_waited(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """Retry-After is obeyed before the next try."""
    busy = server.http(status, b"<html>", {"retry-after": "2"}, "text/html")
    server.script(ME, busy, server.http(200, USER))
    clients.make(fresh).me()
    assert clients.pauses == [2.0]


def test_long_wait_is_the_callers(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """A month is not slept through but reported, at once and with its length."""
    server.script(ME, server.http(429, b"", {"Retry-After": "1728000"}))
    client = clients.make(fresh)
    with pytest.raises(RateLimited) as raised:
        client.me()
    assert (raised.value.retry_after, raised.value.status) == (1728000.0, 429)
    assert (len(server.seen), clients.pauses) == (1, [])
    assert client.tokens == fresh


@pytest.mark.parametrize("value", ["", "0", "-1", "abc", "1.5"])
def test_meaningless_wait_is_backed_off(
    clients: Clients, server: ScriptedServer, fresh: Tokens, value: str
) -> None:
    """Without a usable Retry-After the pauses are ours, and bounded in number."""
    server.script(ME, server.http(429, b"", {"Retry-After": value}))
    with pytest.raises(RateLimited):
        clients.make(fresh).me()
    assert len(server.seen) == 3
    assert len(clients.pauses) == 2
    assert all(0 < pause <= 5 for pause in clients.pauses)


def test_server_error_is_retried(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """A GET survives as many failures as there are retries."""
    server.script(ME, server.http(500), server.reset_connection, server.http(200, USER))
    assert clients.make(fresh).me() == USER["data"]


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_client_error_is_not_retried(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """What is wrong with the request stays wrong."""
    server.script(ME, server.http(status, {"errors": [{"title": "No"}]}))
    with pytest.raises(ProtocolError, match="No") as raised:
        clients.make(fresh).me()
    assert raised.value.status == status
    assert len(server.seen) == 1


def test_next_call_after_a_fault_succeeds(
    clients: Clients, server: ScriptedServer, expired: Tokens
) -> None:
    """When the fault is gone no human is needed."""
    server.script(TOKEN, server.http(502, b"<html>"), server.http(502), server.tokens())
    server.script(ME, server.http(200, USER))
    client = clients.make(expired)
    with pytest.raises(RetryLater):
        client.me()
    assert client.me() == USER["data"]
