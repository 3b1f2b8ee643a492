"""Many callers of one client at once."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from livestorm_client import (
    AsyncLivestormClient,
    LivestormClient,
    MemoryStore,
    RetryLater,
    Tokens,
)

if TYPE_CHECKING:
    from tests.client.conftest import ScriptedServer

TOKEN = "/oauth/token"
ME = "/v1/me"
INVALID_GRANT = {"error": "invalid_grant", "error_description": "revoked old-refresh"}


USER = {"data": {"type": "users", "id": "1"}}


class WatchedStore(MemoryStore):
    """Opens a gate at the n-th load."""

    def __init__(self, tokens: Tokens, loads: int) -> None:
        super().__init__(tokens)
        self._left = loads
        self._counting = threading.Lock()
        self.gate = threading.Event()

    def load(self) -> Tokens | None:
        with self._counting:
            self._left -= 1
            if self._left <= 0:
                self.gate.set()
        return super().load()


def make_async(server: ScriptedServer, store: MemoryStore) -> AsyncLivestormClient:
    """Make an asynchronous client without retries."""
    return AsyncLivestormClient(
        client_id="client-id",
        client_secret="client-secret",
        redirect_uri="https://example.com/callback",
        app_url=server.url,
        api_url=f"{server.url}/v1",
        store=store,
        max_retries=0,
        clock=lambda: 1_800_000_000.0,
    )


async def open_when_all_wait(gate: threading.Event) -> None:
    """Open the gate after every task has run as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)
    gate.set()


def test_threads_share_one_refresh(server: ScriptedServer, expired: Tokens) -> None:
    """Twelve threads with an expired token: one refresh, twelve successes."""
    # Each thread loads twice before it waits, and the first twice more: then all have begun.
    store = WatchedStore(expired, loads=26)
    server.script(TOKEN, server.gated(store.gate, server.tokens()), server.http(400, INVALID_GRANT))
    server.script(ME, server.http(200, USER))
    results: list[object] = []
    client = LivestormClient(
        client_id="client-id",
        client_secret="client-secret",
        redirect_uri="https://example.com/callback",
        app_url=server.url,
        api_url=f"{server.url}/v1",
        store=store,
        clock=lambda: 1_800_000_000.0,
    )
    threads = [threading.Thread(target=lambda: results.append(client.me())) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [USER["data"]] * 12
    assert len(server.token_requests) == 1
    assert server.bearers(ME) == ["Bearer new-access"] * 12


def test_tasks_share_one_refresh(server: ScriptedServer, expired: Tokens) -> None:
    """Twelve tasks with an expired token: one refresh, twelve successes."""
    gate = threading.Event()
    server.script(TOKEN, server.gated(gate, server.tokens()), server.http(400, INVALID_GRANT))
    server.script(ME, server.http(200, USER))

    async def scenario() -> list[dict[str, object] | None]:
        client = make_async(server, MemoryStore(expired))
        return await asyncio.gather(open_when_all_wait(gate), *(client.me() for _ in range(12)))

    assert asyncio.run(scenario())[1:] == [USER["data"]] * 12
    assert len(server.token_requests) == 1


def test_tasks_share_a_failed_refresh_and_the_next_call_tries_again(
    server: ScriptedServer, expired: Tokens
) -> None:
    """All who waited get the failure of the one request; nobody is stuck afterwards."""
    gate = threading.Event()
    server.script(TOKEN, server.gated(gate, server.http(503)), server.tokens())
    server.script(ME, server.http(200, USER))

    async def scenario() -> tuple[list[BaseException | dict[str, object] | None], object]:
        client = make_async(server, MemoryStore(expired))
        calls = (client.me() for _ in range(5))
        failed = await asyncio.gather(open_when_all_wait(gate), *calls, return_exceptions=True)
        return failed, await client.me()

    failed, recovered = asyncio.run(scenario())
    assert [type(outcome) for outcome in failed[1:]] == [RetryLater] * 5
    assert recovered == USER["data"]
    assert len(server.token_requests) == 2


def test_tasks_share_each_failed_refresh(server: ScriptedServer, expired: Tokens) -> None:
    """Not only the first time."""
    gates = [threading.Event(), threading.Event()]
    server.script(TOKEN, *(server.gated(gate, server.http(503)) for gate in gates))

    async def scenario() -> None:
        client = make_async(server, MemoryStore(expired))
        for gate in gates:
            calls = (client.me() for _ in range(5))
            await asyncio.gather(open_when_all_wait(gate), *calls, return_exceptions=True)

    asyncio.run(scenario())
    assert len(server.token_requests) == 2


def test_failure_after_a_cancelled_caller_is_not_logged(
    server: ScriptedServer, expired: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    """A refresh that fails when nobody waits for it any more is no error of the program."""
    server.script(TOKEN, server.http(400, {"error": "invalid_client"}))

    async def scenario() -> None:
        client = make_async(server, MemoryStore(expired))
        call = asyncio.create_task(client.me())
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        await asyncio.wait(others)

    asyncio.run(scenario())
    gc.collect()
    assert caplog.text == ""


def test_cancelled_caller_does_not_lose_the_rotated_token(
    server: ScriptedServer, expired: Tokens
) -> None:
    """A refresh whose caller has gone away still reaches the store."""
    gate, store = threading.Event(), MemoryStore(expired)
    server.script(TOKEN, server.gated(gate, server.tokens()))
    server.script(ME, server.http(200, USER))

    async def scenario() -> None:
        client = make_async(server, store)
        call = asyncio.create_task(client.me())
        for _ in range(20):
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        gate.set()
        await client.me()

    asyncio.run(scenario())
    assert len(server.token_requests) == 1
    assert server.bearers(ME) == ["Bearer new-access"]


class OvertakenStore(MemoryStore):
    """Somebody else replaces the tokens just before the lock is had."""

    def __init__(self, tokens: Tokens, theirs: Tokens) -> None:
        super().__init__(tokens)
        self._theirs = theirs

    @contextmanager
    def lock(self) -> Iterator[bool]:
        """Hold the lock, too late."""
        with super().lock() as held:
            self.save(self._theirs)
            yield held


def test_tokens_replaced_before_the_lock_was_had_are_used(
    server: ScriptedServer, expired: Tokens, fresh: Tokens
) -> None:
    """Who gets the lock looks again, and sends no refresh token that is spent already."""
    theirs = replace(fresh, access_token="their-access", refresh_token="their-refresh")
    server.script(ME, server.http(200, USER))
    asyncio.run(make_async(server, OvertakenStore(expired, theirs)).me())
    assert server.token_requests == []
    assert server.bearers(ME) == ["Bearer their-access"]


def test_refresh_sends_what_is_stored_under_the_lock(
    server: ScriptedServer, expired: Tokens
) -> None:
    """A refresh token that changed alone is the one to send."""
    theirs = replace(expired, refresh_token="their-refresh")
    server.script(TOKEN, server.tokens())
    asyncio.run(make_async(server, OvertakenStore(expired, theirs)).refresh())
    assert [request.form["refresh_token"] for request in server.seen] == ["their-refresh"]
