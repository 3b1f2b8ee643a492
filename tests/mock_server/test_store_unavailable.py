"""When Redis is slow, full, restarted or gone: an answer in bounded time, and a way back."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from livestorm_mock_server.answering import answer
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.sandbox import Sandbox, open_sandbox
from livestorm_mock_server.scenario_files import load_scenario
from livestorm_mock_server.store.protocol import StoreUnavailableError
from livestorm_mock_server.store.redis.script import STORE
from livestorm_mock_server.store.redis.server import RedisServer
from livestorm_mock_server.store.redis.store import RedisStore
from redis import Redis
from redis.exceptions import ResponseError

from .redis_servers import need_server, redis_process
from .test_store import CLIENT, token_request

PATIENCE = 0.2
AT_MOST = 10
"""Seconds after which a test that hangs has failed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for the server's socket; without a server the test is left out."""
    need_server()
    return tmp_path


@asynccontextmanager
async def connected(socket: str) -> AsyncIterator[RedisStore]:
    """Connect a store to the server at a socket."""
    server = RedisServer(f"unix://{socket}", patience=PATIENCE)
    try:
        yield RedisStore(server, "tests")
    finally:
        await server.close()


async def issue(store: RedisStore, name: str) -> int:
    """Issue a pair; give its id."""
    return (await store.issue_token(token_request(name, 0), reuse=False)).id


async def assert_unavailable(store: RedisStore) -> None:
    """Check that the store says that it can't be reached, and soon."""
    async with asyncio.timeout(AT_MOST):
        with pytest.raises(StoreUnavailableError, match="the store does not answer"):
            await issue(store, "refused")


def test_server_that_is_slow_is_given_up_and_found_again(folder: Path) -> None:
    """Where the server stands still the store is not available, and is once it goes on."""

    async def scene() -> None:
        with redis_process(folder) as (process, socket):
            async with connected(socket) as store:
                await issue(store, "a")
                process.send_signal(signal.SIGSTOP)
                await assert_unavailable(store)
                process.send_signal(signal.SIGCONT)
                assert await store.find_token("access-a") is not None

    asyncio.run(scene())


def test_server_that_is_full_changes_nothing(folder: Path) -> None:
    """Without memory for more nothing is written, what is there is found, and more later."""

    async def scene() -> None:
        with redis_process(folder) as (_, socket), Redis(unix_socket_path=socket) as client:
            async with connected(socket) as store:
                await issue(store, "a")
                client.config_set("maxmemory", 1)
                await assert_unavailable(store)
                assert await store.find_token("access-a") is not None
                assert await store.find_token("access-refused") is None
                client.config_set("maxmemory", 0)
                assert await issue(store, "b") == 2

    asyncio.run(scene())


def test_server_that_was_restarted_is_used_at_once(folder: Path) -> None:
    """No request fails for connections, or a script, of the server before."""

    async def scene() -> None:
        with ExitStack() as stack:
            first = ExitStack()
            _, socket = first.enter_context(redis_process(folder))
            async with connected(socket) as store:
                await issue(store, "a")
                await asyncio.to_thread(first.close)
                await asyncio.to_thread(stack.enter_context, redis_process(folder))
                assert await issue(store, "b") == 1

    asyncio.run(scene())


def test_server_that_is_gone_is_told_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log has a line when the store is lost and one when it is back, however many ask."""

    async def scene() -> None:
        async with connected(str(folder / "redis.sock")) as store:
            await assert_unavailable(store)
            await asyncio.gather(*[assert_unavailable(store) for _ in range(40)])
            with redis_process(folder):
                assert await issue(store, "a") == 1
                assert await issue(store, "b") == 2

    with caplog.at_level(logging.WARNING, "livestorm_mock_server"):
        asyncio.run(scene())
    lost, back = [record.getMessage() for record in caplog.records]
    assert lost.startswith("the store does not answer, so clients get 503: ")
    assert "\n" not in lost
    assert back == "the store answers again"


def test_error_of_the_script_is_no_outage(folder: Path) -> None:
    """What is wrong with the fake itself is not told as a failure of Redis."""

    async def scene() -> None:
        with redis_process(folder) as (_, socket):
            server = RedisServer(f"unix://{socket}")
            with pytest.raises(ResponseError, match="a nil value"):
                await server.run(STORE, ["records", "index"], [1, 1, 1, 0, "", "nothing", 0])
            await server.close()

    asyncio.run(scene())


async def ask(sandbox: Sandbox, path: str) -> Response:
    """Send a request with a token."""
    headers = [("authorization", "Bearer access-a"), ("accept", "application/json")]
    request = Request(method="GET", raw_path=path, query=b"", headers=headers, body=b"", port=1)
    _, response = await answer(sandbox, request)
    return response


def test_client_is_told_to_come_again(folder: Path) -> None:
    """Without the store each endpoint that needs it answers 503, the journal says why."""

    async def scene() -> None:
        sandbox = await open_sandbox(load_scenario("happy_path"))
        async with connected(str(folder / "redis.sock")) as store:
            sandbox.store = store
            answers = [await ask(sandbox, path) for path in ("/oauth/token/info", "/v1/ping")]
            with redis_process(folder):
                await store.add_application(CLIENT)
                await issue(store, "a")
                again = await ask(sandbox, "/oauth/token/info")
        assert [one.status for one in answers] == [503, 503]
        assert [one.body for one in answers] == [UNAVAILABLE, UNAVAILABLE]
        assert again.status != 503
        reasons = [entry.exchange.reason for entry in sandbox.journal.entries()]
        assert all("the store does not answer" in str(one) for one in reasons[:2])

    asyncio.run(scene())


UNAVAILABLE = b'{"status":503,"error":"Service Unavailable"}'
