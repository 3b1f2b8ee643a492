"""Refreshing tokens, by both clients on real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    LivestormError,
    MemoryStore,
    ReauthorizationRequired,
    Tokens,
    TransportError,
)

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

TOKEN = "/oauth/token"
INVALID_GRANT = {"error": "invalid_grant", "error_description": "revoked old-refresh"}


def test_refresh_sends_the_newest_token(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Each refresh uses the refresh token of the last answer, and the form has nothing else."""
    server.script(TOKEN, server.tokens(), server.tokens(access_token="third-access"))
    client = clients.make(fresh)
    client.refresh()
    client.refresh()
    forms = [request.form for request in server.seen]
    assert [form["refresh_token"] for form in forms] == ["old-refresh", "new-refresh"]
    assert set(forms[0]) == {"grant_type", "refresh_token", "client_id", "client_secret"}


def test_refresh_keeps_what_the_answer_leaves_out(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Without a new refresh token the old one works on; an unstated lifetime is unknown."""
    reply = server.tokens(refresh_token="", scope=None, expires_in=None)
    server.script(TOKEN, reply)
    tokens = clients.make(fresh).refresh()
    assert (tokens.refresh_token, tokens.scope) == ("old-refresh", ("identity:read",))
    assert tokens.expires_at is None


@pytest.mark.parametrize("status", [400, 401])
def test_dead_grant_is_dropped(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    status: int,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """invalid_grant ends the connection after one request, and later calls send nothing."""
    server.script(TOKEN, server.http(status, INVALID_GRANT))
    client = clients.make(fresh)
    with pytest.raises(ReauthorizationRequired) as raised:
        client.refresh()
    assert (raised.value.status, raised.value.code) == (status, "invalid_grant")
    assert_shows_no_secret(raised.value)
    assert client.tokens == replace(fresh, needs_reauth=True)
    with pytest.raises(ReauthorizationRequired, match="not connected"):
        client.me()
    with pytest.raises(ReauthorizationRequired, match="not connected"):
        client.refresh()
    assert len(server.seen) == 1


def test_grant_that_another_process_refreshed_is_adopted(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """invalid_grant for a token that the store no longer holds is no reason to drop anything."""
    store = MemoryStore(fresh)
    theirs = Tokens(access_token="their-access", refresh_token="their-refresh")
    reply = server.http(400, INVALID_GRANT)

    def answer(connection: object, _stop: threading.Event) -> None:
        store.save(theirs)
        connection.sendall(reply)  # type: ignore[attr-defined]

    server.script(TOKEN, answer)
    assert clients.make(store=store).refresh() == theirs
    assert store.load() == theirs


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_client"}, "config_error"),
        (400, {"error": "invalid_scope"}, "config_error"),
        (403, {"error": "invalid_grant"}, "protocol_error"),
        (400, {"error": ["invalid_grant"]}, "protocol_error"),
        (400, b"<html>invalid_grant</html>", "protocol_error"),
        (200, {"error": "invalid_grant"}, "protocol_error"),
        (302, {"error": "invalid_grant"}, "protocol_error"),
        (429, {"error": "invalid_grant"}, "retry_later"),
        (500, {"error": "invalid_grant"}, "retry_later"),
        (400, {"error": "temporarily_unavailable"}, "retry_later"),
    ],
)
def test_other_refusals_of_a_refresh_keep_the_tokens(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    status: int,
    body: object,
    kind: str,
) -> None:
    """Nothing but a 400 or 401 invalid_grant logs anybody out."""
    server.script(TOKEN, server.http(status, body))
    client = clients.make(fresh)
    with pytest.raises(LivestormError) as raised:
        client.refresh()
    assert raised.value.kind == kind
    assert len(server.seen) == (2 if kind == "retry_later" else 1)
    assert client.tokens == fresh


def test_lost_answer_to_a_refresh_is_asked_for_once_more(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """After a broken connection the same refresh token is tried a second time, not a third."""
    server.script(TOKEN, server.reset_connection)
    client = clients.make(fresh)
    with pytest.raises(TransportError):
        client.refresh()
    assert [request.form["refresh_token"] for request in server.seen] == ["old-refresh"] * 2
    assert client.tokens == fresh


def test_limited_refresh_waits_as_told(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """A 429 is waited out with the same refresh token, without any reauthorization."""
    limited = server.http(429, b"", {"Retry-After": "2"})
    server.script(TOKEN, limited, server.tokens())
    assert clients.make(fresh).refresh().access_token == "new-access"
    assert clients.pauses == [2.0]


def test_refresh_without_a_refresh_token_sends_nothing(
    clients: Clients, server: ScriptedServer
) -> None:
    """What cannot be refreshed needs a human."""
    with pytest.raises(ReauthorizationRequired, match=r"^there is no refresh token$"):
        clients.make(Tokens(access_token="old-access")).refresh()
    with pytest.raises(
        ReauthorizationRequired, match=r"^the account is not connected, or no longer$"
    ):
        clients.make().refresh()
    assert server.seen == []


def test_refresh_names_its_grant_type(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """RFC 6749, section 6."""
    server.script(TOKEN, server.tokens())
    clients.make(fresh).refresh()
    assert server.seen[0].form["grant_type"] == "refresh_token"


def test_refusal_that_repeats_the_access_token_is_masked(
    clients: Clients,
    server: ScriptedServer,
    fresh: Tokens,
    assert_shows_no_secret: Callable[[BaseException], None],
) -> None:
    """A server's description may hold anything that it ever issued."""
    told = {"error": "invalid_scope", "error_description": "old-access old-refresh client-secret"}
    server.script(TOKEN, server.http(400, told))
    with pytest.raises(LivestormError, match=r"\*\*\* \*\*\* \*\*\*") as raised:
        clients.make(fresh).refresh()
    assert_shows_no_secret(raised.value)
