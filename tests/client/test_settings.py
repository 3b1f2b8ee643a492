"""Settings that are changed after a client was made hold from the next operation on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livestorm_client import LivestormClient, MemoryStore, Tokens

if TYPE_CHECKING:
    from tests.client.conftest import ScriptedServer

TOKEN = "/oauth/token"


def make(server: ScriptedServer, tokens: Tokens) -> LivestormClient:
    """Make a client of a server, for one grant."""
    return LivestormClient(
        client_id="client-id",
        client_secret="first-secret",
        redirect_uri="https://example.com/callback",
        app_url=server.url,
        api_url=f"{server.url}/v1",
        store=MemoryStore(tokens),
    )


def test_rotated_secret_is_sent(server: ScriptedServer, fresh: Tokens) -> None:
    """A secret that was replaced is not sent again."""
    server.script(TOKEN, server.tokens())
    client = make(server, fresh)
    client.refresh()
    client.client_secret = "rotated-secret"
    client.refresh()
    sent = [request.form["client_secret"] for request in server.token_requests]
    assert sent == ["first-secret", "rotated-secret"]


def test_other_store_is_used_for_all(server: ScriptedServer, fresh: Tokens) -> None:
    """Tokens are looked up, locked and saved in the store that there is now."""
    server.script(TOKEN, server.tokens())
    client = make(server, fresh)
    client.store = MemoryStore(replace(fresh, refresh_token="other-refresh"))
    refreshed = client.refresh()
    assert server.token_requests[0].form["refresh_token"] == "other-refresh"
    assert client.store.load() == refreshed


def test_other_address_of_the_api_is_called(server: ScriptedServer, fresh: Tokens) -> None:
    """A call goes to where the client is told to call."""
    server.script("/v2/me", server.http(200, {"data": {"type": "users", "id": "1"}}))
    client = make(server, fresh)
    client.api_url = f"{server.url}/v2"
    client.me()
    assert len(server.requests("/v2/me")) == 1
