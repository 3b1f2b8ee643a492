"""Pauses, pacing, and requests that change something."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from livestorm_client import (
    ConfigurationError,
    FileStore,
    LivestormClient,
    MemoryStore,
    ProtocolError,
    RateLimited,
    ReauthorizationRequired,
    RetryLater,
    Tokens,
    TokenStore,
    TransportError,
)

if TYPE_CHECKING:
    from tests.client.conftest import Clients, ScriptedServer

TOKEN = "/oauth/token"
ME = "/v1/me"
EVENTS = "/v1/events"
USER = {"data": {"type": "users", "id": "1"}}


def test_post_sends_json(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """The body is a JSON:API document, and the answer has status and document."""
    server.script(EVENTS, server.http(201, USER))
    answer = clients.make(fresh).request("POST", "/events", json={"data": {"é": 1}})
    (sent,) = server.seen
    assert (sent.method, sent.body) == ("POST", b'{"data": {"\\u00e9": 1}}')
    assert sent.headers["content-type"] == "application/vnd.api+json"
    assert (answer.status, answer.document) == (201, USER)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_change_is_not_repeated(
    clients: Clients, server: ScriptedServer, fresh: Tokens, method: str
) -> None:
    """Nobody knows whether a request without a good answer had its effect."""
    client = clients.make(fresh)
    server.script(EVENTS, server.http(500))
    with pytest.raises(RetryLater):
        client.request(method, "/events", json={})
    server.script(EVENTS, server.reset_connection)
    with pytest.raises(TransportError):
        client.request(method, "/events", json={})
    assert len(server.seen) == 2


def test_change_that_was_refused_is_repeated(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """After a 429 or a 401 it had no effect."""
    limited = server.http(429, b"", {"Retry-After": "2"})
    server.script(EVENTS, limited, server.http(401), server.http(201, USER))
    server.script(TOKEN, server.tokens())
    assert clients.make(fresh).request("POST", "/events", json={}).status == 201
    assert [request.target for request in server.seen] == [EVENTS, EVENTS, TOKEN, EVENTS]
    assert clients.pauses[0] == 2.0


@pytest.mark.parametrize("status", [429, 503])
def test_pause_holds_for_the_next_call(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int
) -> None:
    """A call during a long pause sends nothing, and says when to come back."""
    server.script(ME, server.http(status, b"", {"Retry-After": "60"}))
    client = clients.make(fresh)
    with pytest.raises(RetryLater):
        client.me()
    with pytest.raises(RateLimited, match=r"^the server asked for a pause$") as raised:
        client.get("/organization")
    assert (raised.value.retry_after, raised.value.status) == (60.0, None)
    assert len(server.seen) == 1


@pytest.mark.parametrize(("status", "pauses"), [(429, 1), (500, 0)])
def test_next_call_pauses_only_after_a_429(
    clients: Clients, server: ScriptedServer, fresh: Tokens, status: int, pauses: int
) -> None:
    """A 429 that does not say how long is a pause for all; a 500 concerns its own call only."""
    server.script(ME, server.http(status), server.http(200, USER))
    client = clients.make(fresh, max_retries=0)
    with pytest.raises(RetryLater):
        client.me()
    client.me()
    assert len(clients.pauses) == pauses


def test_pause_as_long_as_the_budget_is_waited(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Five seconds by default."""
    server.script(ME, server.http(429, b"", {"Retry-After": "5"}), server.http(200, USER))
    clients.make(fresh).me()
    assert clients.pauses == [5.0]


def test_moment_to_come_back_is_measured_by_the_clients_clock(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Where the answer has no `Date`."""
    moment = format_datetime(datetime.fromtimestamp(1_800_000_060, UTC), usegmt=True)
    server.script(ME, server.http(429, b"", {"Retry-After": moment}))
    with pytest.raises(RateLimited) as raised:
        clients.make(fresh).me()
    assert raised.value.retry_after == 60.0


def test_pause_of_the_api_is_none_of_the_token_endpoint(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Each server is obeyed for itself."""
    server.script(ME, server.http(429, b"", {"Retry-After": "60"}))
    server.script(TOKEN, server.tokens())
    client = clients.make(fresh)
    with pytest.raises(RateLimited):
        client.me()
    assert client.refresh().access_token == "new-access"


def test_used_up_window_is_waited_for(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """F06: when a 200 says that no requests are left, the next call waits for the next second."""
    used_up = server.http(200, USER, {"RateLimit-Interval-Remaining": "0"})
    left = server.http(200, USER, {"RateLimit-Interval-Remaining": "1"})
    server.script(ME, left, used_up, left)
    client = clients.make(fresh)
    for _ in range(3):
        client.me()
    assert clients.pauses == [1.0]


def test_waiting_has_one_budget(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """Two pauses that fit one by one, but not together: the second is the caller's."""
    server.script(ME, server.http(429, b"", {"Retry-After": "3"}))
    with pytest.raises(RateLimited) as raised:
        clients.make(fresh).me()
    assert raised.value.retry_after == 3.0
    assert clients.pauses == [3.0]
    assert len(server.seen) == 2


def test_last_request_is_not_used_for_nothing(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """INV-4: after two failures and a 401 there is no fifth request."""
    server.script(ME, server.http(500), server.http(500), server.http(401))
    server.script(TOKEN, server.tokens())
    with pytest.raises(RetryLater, match="no request is left"):
        clients.make(fresh).me()
    assert len(server.seen) == 4


def test_store_that_cannot_be_written_spends_nothing(
    clients: Clients, server: ScriptedServer, expired: Tokens, tmp_path: Path
) -> None:
    """J03: a refresh token is not sent when its successor could not be kept."""
    store = FileStore(tmp_path / "tokens.json")
    store.save(expired)
    (tmp_path / "tokens.json.lock").mkdir()
    with pytest.raises(ConfigurationError, match="cannot lock"):
        clients.make(store=store).me()
    assert server.seen == []
    assert store.load() == expired


def test_two_clients_on_one_file_share_one_refresh(
    clients: Clients, server: ScriptedServer, expired: Tokens, tmp_path: Path
) -> None:
    """I02: what one client refreshes, another on the same store finds."""
    path = tmp_path / "tokens.json"
    FileStore(path).save(expired)
    server.script(TOKEN, server.tokens(), server.http(400, {"error": "invalid_grant"}))
    server.script(ME, server.http(200, USER))
    one, other = clients.make(store=FileStore(path)), clients.make(store=FileStore(path))
    assert (one.me(), other.me()) == (USER["data"],) * 2
    assert len(server.token_requests) == 1


def test_refresh_waits_for_the_one_of_another_client(
    server: ScriptedServer, expired: Tokens, tmp_path: Path
) -> None:
    """A loser neither sends the old refresh token nor is left waiting."""
    from livestorm_client import LivestormClient

    path, gate = tmp_path / "tokens.json", threading.Event()
    FileStore(path).save(expired)
    server.script(TOKEN, server.gated(gate, server.tokens()))
    results: list[Tokens] = []

    def refresh() -> None:
        client = LivestormClient(
            client_id="client-id",
            client_secret="client-secret",
            redirect_uri="https://example.com/callback",
            app_url=server.url,
            store=FileStore(path),
        )
        results.append(client.refresh())

    threads = [threading.Thread(target=refresh) for _ in range(3)]
    for thread in threads:
        thread.start()
    while not server.token_requests:
        threads[0].join(0.01)
    gate.set()
    for thread in threads:
        thread.join()
    assert {tokens.access_token for tokens in results} == {"new-access"}
    assert len({tokens.refresh_token for tokens in results}) == 1


def test_pending_code_is_not_sent_without_a_store(
    clients: Clients, server: ScriptedServer, tmp_path: Path
) -> None:
    """Neither is a code spent when the tokens could not be kept."""
    client = clients.make(store=FileStore(tmp_path / "missing" / "tokens.json"))
    request = client.authorization_request()
    with pytest.raises(ConfigurationError):
        client.connect(request, clients.callback(request, code="the-code"))
    assert server.seen == []


def test_connecting_again_lifts_the_mark(
    clients: Clients, server: ScriptedServer, expired: Tokens
) -> None:
    """After a dead grant a new authorization makes a connection as good as new."""
    server.script(TOKEN, server.http(400, {"error": "invalid_grant"}), server.tokens())
    client = clients.make(expired)
    with pytest.raises(ReauthorizationRequired):
        client.me()
    assert client.tokens is not None
    assert client.tokens.needs_reauth
    request = client.authorization_request()
    assert not client.connect(request, clients.callback(request, code="the-code")).needs_reauth


def test_change_is_sent_whole_after_a_refresh(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """The second request carries what the first did."""
    server.script("/v1/events", server.http(401), server.http(201, {"data": {}}))
    server.script("/oauth/token", server.tokens())
    clients.make(fresh).request("POST", "/events", json={"a": 1})
    assert [seen.body for seen in server.requests("/v1/events")] == [b'{"a": 1}'] * 2


def test_get_has_no_body(clients: Clients, server: ScriptedServer, fresh: Tokens) -> None:
    """Not even `null`."""
    server.script("/v1/events", server.http(200, {"data": []}))
    clients.make(fresh).get("/events")
    assert server.seen[0].body == b""


def test_query_of_a_path_is_sent_as_it_is(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """Without parameters nothing is encoded anew."""
    server.script("/v1/events", server.http(200, {"data": []}))
    clients.make(fresh).get("/events?flag")
    assert server.seen[0].target == "/v1/events?flag"


def test_tokens_without_a_request_left_are_for_the_next_call(
    clients: Clients, server: ScriptedServer, fresh: Tokens
) -> None:
    """The refresh was the last request that the operation had."""
    server.script("/v1/events", server.http(401))
    server.script("/oauth/token", server.tokens())
    message = r"^the tokens are fresh, but no request is left to use them$"
    with pytest.raises(RetryLater, match=message):
        clients.make(fresh, max_retries=0).get("/events")


@pytest.mark.parametrize("path", ["/X/ping", "/pingX", "/Xping"])
def test_only_ping_may_be_empty(
    clients: Clients, server: ScriptedServer, fresh: Tokens, path: str
) -> None:
    """Elsewhere an empty 200 is broken."""
    server.script(f"/v1{path}", server.http(200))
    with pytest.raises(ProtocolError):
        clients.make(fresh).get(path)


def make_blocking(server: ScriptedServer, store: TokenStore, **options: Any) -> LivestormClient:
    """Make a client without a secret, whose clock stands."""
    return LivestormClient(
        client_id="client-id",
        client_secret=None,
        redirect_uri="https://example.com/callback",
        app_url=server.url,
        api_url=f"{server.url}/v1",
        store=store,
        clock=lambda: 1_800_000_000.0,
        **options,
    )


def test_sleep_may_be_awaited(server: ScriptedServer, fresh: Tokens) -> None:
    """A function of the caller's own, as `asyncio.sleep` is one."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)
        slept.append(seconds)

    server.script("/v1/me", server.http(429, b"", {"Retry-After": "2"}), server.http(200, USER))
    client = make_blocking(server, MemoryStore(fresh), sleep=sleep)
    client.me()
    assert slept == [2.0]


class TakenStore(MemoryStore):
    """Somebody else replaces the tokens, and never ends."""

    tries = 0

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Count, and refuse."""
        self.tries += 1
        yield False


def test_refresh_elsewhere_is_waited_for_as_long_as_one_may_take(
    server: ScriptedServer, fresh: Tokens
) -> None:
    """Three time-outs and the pauses, tried every 20 ms; then it is the caller's."""
    store = TakenStore(fresh)
    client = make_blocking(server, store, timeout=0.1, max_wait=0.1)
    with pytest.raises(RetryLater, match=r"^the tokens are being replaced elsewhere$"):
        client.refresh()
    assert store.tries == 20
    assert server.seen == []


def test_pause_that_comes_while_waiting_is_waited_for_too(
    server: ScriptedServer, fresh: Tokens
) -> None:
    """Another call of the same client is told to come back later still."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            client._api_gate.pause(2.0)

    server.script("/v1/me", server.http(429, b"", {"Retry-After": "1"}), server.http(200, USER))
    client = make_blocking(server, MemoryStore(fresh), sleep=sleep)
    client.me()
    assert slept == [1.0, 2.0]
