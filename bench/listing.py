"""How long the event loop is held up while somebody reads a full journal, in this process."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from livestorm_mock_server.app import App
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.sandboxes import Sandboxes

from .growth import filled, refresh
from .row import Row, at_most

JOURNAL = 10_000
_ROUNDS = 3
_READERS = ("journal", "journal/har", "journal/mermaid", "audit")


async def _longest_turn(read: Callable[[], Coroutine[Any, Any, None]]) -> float:
    """Give the longest processor time, in seconds, that the loop spends on anything at once."""
    reading, longest = asyncio.ensure_future(read()), 0.0
    while not reading.done():
        began = time.thread_time()
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - began)
    await reading
    return longest


async def _measure() -> list[Row]:
    some = await filled(1)
    for _ in range(JOURNAL):
        await refresh(some)
    app = App(Sandboxes(some.sandbox), ControlAccess())
    return [await _of(path, partial(_read, app, path)) for path in _READERS]


async def _of(path: str, read: Callable[[], Coroutine[Any, Any, None]]) -> Row:
    longest = min([await _longest_turn(read) for _ in range(_ROUNDS)])
    what = f"others wait for `GET /_mock/{path}` of {JOURNAL:,} exchanges"
    return at_most(what, longest * 1000, 10, "ms")


async def _read(app: App, path: str) -> None:
    """Read a document of the control API without a socket."""

    async def receive() -> dict[str, object]:
        return (await asyncio.Event().wait() and {}) or {}

    async def send(message: object) -> None:
        await asyncio.sleep(0)

    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": f"/_mock/{path}".encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    await app(scope, receive, send)


def measure() -> list[Row]:
    """Measure how long a full journal holds up the loop, document by document."""
    return asyncio.run(_measure())
