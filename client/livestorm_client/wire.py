"""The input and output that the session needs, blocking or not.

The session is written once, with `await`. `BlockingWire` never suspends, so `run` drives the
same code without an event loop.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, closing
from typing import Protocol, TypeVar

import httpx

from .answer import LARGEST_BODY, Answer, body_matters
from .errors import TransportError
from .watchdog import Watchdog

T = TypeVar("T")

# A POST on a connection that the server has just closed is lost, and a code cannot be sent twice.
NO_IDLE_CONNECTIONS = httpx.Limits(max_keepalive_connections=0)


class Wire(Protocol):
    """How a session reaches the world; `lock` is held while tokens are being replaced."""

    lock: AbstractAsyncContextManager[None]

    async def send(self, request: httpx.Request) -> Answer:
        """Send once, follow nothing; TransportError when no complete answer comes in time."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def finish(self, work: Coroutine[None, None, T]) -> T:
        """Do work that goes on to its end even when the caller is cancelled."""
        ...


def run(work: Coroutine[None, None, T]) -> T:
    """Give the result of a coroutine that waits on nothing but a `BlockingWire`."""
    try:
        work.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    work.close()
    raise RuntimeError("blocking work was suspended")


class BlockingWire:
    """Threads and `httpx.Client`."""

    def __init__(
        self, http: httpx.Client | None, timeout: float, sleep: Callable[[float], None]
    ) -> None:
        self.lock: AbstractAsyncContextManager[None] = BlockingLock()
        self._owned = http is None
        self._http = http or httpx.Client(
            limits=NO_IDLE_CONNECTIONS, event_hooks={"response": [drop_location]}
        )
        self._timeout = timeout
        self._sleep = sleep

    async def send(self, request: httpx.Request) -> Answer:
        """Send once; at the time limit the socket is shut down."""
        with Watchdog(self._timeout) as watchdog:
            limit_time(request, self._timeout)
            request.extensions["trace"] = watchdog.trace
            try:
                response = self._http.send(request, stream=True, auth=None, follow_redirects=False)
                watchdog.guard(response.extensions.get("network_stream"))
                with closing(response):
                    answer = receive(response)
                watchdog.check_in_time()
                return answer
            except (httpx.HTTPError, OSError) as error:
                failure = explain(error)
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait in the way that was passed in."""
        self._sleep(seconds)

    async def finish(self, work: Coroutine[None, None, T]) -> T:
        """Just do it: threads are not cancelled."""
        return await work

    def close(self) -> None:
        """Close the connections, unless the HTTP client is the caller's."""
        if self._owned:
            self._http.close()


class AsyncWire:
    """An asyncio event loop and `httpx.AsyncClient`."""

    def __init__(
        self,
        http: httpx.AsyncClient | None,
        timeout: float,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.lock: AbstractAsyncContextManager[None] = asyncio.Lock()
        self._owned = http is None
        self._http = http or httpx.AsyncClient(
            limits=NO_IDLE_CONNECTIONS, event_hooks={"response": [drop_location_async]}
        )
        self._timeout = timeout
        self._sleep = sleep
        self._unfinished: set[object] = set()

    async def send(self, request: httpx.Request) -> Answer:
        """Send once; at the time limit the exchange is cancelled."""
        limit_time(request, self._timeout)
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._http.send(
                    request, stream=True, auth=None, follow_redirects=False
                )
                try:
                    return await receive_async(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, OSError) as error:
            failure = explain(error)
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait in the way that was passed in."""
        await self._sleep(seconds)

    async def finish(self, work: Coroutine[None, None, T]) -> T:
        """Do the work in a task of its own: a rotated refresh token must reach the store."""
        task = asyncio.ensure_future(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Close the connections, unless the HTTP client is the caller's."""
        if self._owned:
            await self._http.aclose()


class BlockingLock:
    """A thread lock in the shape of an asynchronous context manager."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(self, *error: object) -> None:
        self._lock.release()


def limit_time(request: httpx.Request, seconds: float) -> None:
    """Limit each step of the request: connecting, every write and every read."""
    request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()


def receive(response: httpx.Response) -> Answer:
    """Read the body if it matters, and no more of it than allowed."""
    body = bytearray()
    for chunk in response.iter_raw() if body_matters(response.status_code) else ():
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return Answer(status=response.status_code, headers=response.headers, body=bytes(body))


async def receive_async(response: httpx.Response) -> Answer:
    """Do what `receive` does."""
    body = bytearray()
    if body_matters(response.status_code):
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > LARGEST_BODY:
                break
    return Answer(status=response.status_code, headers=response.headers, body=bytes(body))


def explain(error: Exception) -> TransportError:
    """Name what httpx raised, without its text and its request, which may hold secrets."""
    return TransportError(f"no complete answer: {type(error).__name__}")


def drop_location(response: httpx.Response) -> None:
    """Keep httpx from parsing a redirect's target: a bad one would hide the status."""
    response.headers.pop("location", None)


async def drop_location_async(response: httpx.Response) -> None:
    """Do what `drop_location` does."""
    drop_location(response)
