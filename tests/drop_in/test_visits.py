"""Whose the requests were that came to `run`'s fake, however many there are."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, cast

import pytest
from livestorm_mock_server.app import App
from livestorm_mock_server.connection import Connection, FlowControl, Transport
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.interception.way import Arrival, Process
from livestorm_mock_server.protocol import EXTENSION
from livestorm_mock_server.running.visits import WatchedApp
from livestorm_mock_server.sandboxes import Sandboxes

MANY = 10_001


def watched(process_of: Callable[[Arrival], Process | None]) -> WatchedApp:
    """Make an application that answers nothing."""
    access = ControlAccess.for_server("127.0.0.1")
    nothing = cast("Sandboxes", None)
    return WatchedApp(nothing, access, process_of=process_of, tell=lambda _: "proxy")


async def visit(app: WatchedApp, connections: Iterable[Connection]) -> None:
    """Let a request come by each connection."""
    nothing = cast("Any", None)
    for one in connections:
        scope = {
            "type": "http",
            "path": "/v1/ping",
            "scheme": "http",
            "headers": [],
            "client": ("127.0.0.1", one.number),
            "server": ("127.0.0.1", 1),
            EXTENSION: one,
        }
        await app(scope, nothing, nothing)


def connection(number: int) -> Connection:
    """Make a connection of which nothing is used but what it is."""
    return Connection(number, cast("Transport", None), cast("FlowControl", None))


@pytest.fixture(autouse=True)
def _no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(*_: object) -> None:
        pass

    monkeypatch.setattr(App, "__call__", answer)


def test_process_is_looked_up_once_for_each_connection() -> None:
    """However many came before it: who is not looked up seems to have asked for nothing."""
    asked = []

    def process_of(arrival: Arrival) -> Process:
        asked.append(arrival.peer[1])
        return Process(1, "curl")

    app = watched(process_of)
    kept = [connection(number) for number in range(3)]
    asyncio.run(visit(app, chain(kept, map(connection, range(3, MANY)), kept)))
    assert asked == [*range(MANY)]
    assert app.visits == {(Process(1, "curl"), "proxy"): MANY + 3}


def test_processes_that_are_told_apart_are_bounded() -> None:
    """All requests are counted, those of processes beyond the limit as of an unknown one."""
    app = watched(lambda arrival: Process(arrival.peer[1], "x"))
    asyncio.run(visit(app, map(connection, range(MANY + 1))))
    assert app.visits.total() == MANY + 1
    assert app.visits[None, "proxy"] == 2
    assert len(app.visits) == MANY
