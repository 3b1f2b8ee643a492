"""What the way by the environment remembers of who came, without a command."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, cast

import pytest
from livestorm_mock_server.doors import Proxying, ProxyRequest
from livestorm_mock_server.interception.channel import Channel
from livestorm_mock_server.interception.environment import EnvironmentWay
from livestorm_mock_server.interception.guard import Guard
from livestorm_mock_server.interception.socket_owners import SocketOwners
from livestorm_mock_server.interception.way import Arrival, Attempt, Fake, Process
from livestorm_mock_server.tls.authority import Authority

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux says whose a connection is"
)

MOST_PROCESSES = 10_000


class Doors:
    """A fake that lets nobody in, but knows its doors."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder, self.ca_pem = folder, authority.pem
        self.listeners: list[socket.socket] = []
        self.proxying: Proxying | None = None

    async def open(
        self, listener: socket.socket, *, tls: bool, proxying: Proxying | None = None
    ) -> None:
        self.listeners.append(listener)
        self.proxying = proxying or self.proxying

    def tell(self, number: int, host: str, outcome: Any) -> None:
        """Have the proxy say who asked for what."""
        assert self.proxying is not None
        assert self.proxying.tell is not None
        peer, door = ("127.0.0.1", number), self.listeners[-1].getsockname()
        self.proxying.tell(
            ProxyRequest(peer=peer, door=door, method="GET", host=host, port=443, outcome=outcome)
        )


@pytest.fixture
def doors(tmp_path: Path, authority: Authority) -> Iterator[Doors]:
    """The doors that a way has opened."""
    made = Doors(tmp_path, authority)
    yield made
    for one in made.listeners:
        one.close()


@pytest.fixture
def way(doors: Doors) -> Iterator[EnvironmentWay]:
    """A way without a guard, after its preparations."""
    ours, theirs = map(Channel, socket.socketpair())
    made = EnvironmentWay({})
    with closing(ours), closing(theirs):
        theirs.send("there is no seccomp")
        asyncio.run(made.prepare(cast("Fake", doors), ours, ["true"]))
    yield made
    asyncio.run(made.close())


@pytest.fixture
def _each_port_is_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lambda _, local, remote: Process(local[1], "x")  # noqa: E731
    monkeypatch.setattr(SocketOwners, "find_connection", found)


def arrive(way: EnvironmentWay, doors: Doors, number: int) -> Process | None:
    """Let a request come from a port."""
    door = doors.listeners[-1].getsockname()
    peer = ("127.0.0.1", number)
    return way.process_of(Arrival(peer=peer, door=door, scheme="http", host="x"))


@pytest.mark.usefixtures("_each_port_is_a_process")
@pytest.mark.parametrize("outcome", ["refused", "served"])
def test_attempts_are_bounded(way: EnvironmentWay, doors: Doors, outcome: str) -> None:
    """Of requests without an end, a thousand are kept."""
    for number in range(1500):
        doors.tell(number, "app.livestorm.co", outcome)
    assert len(way.attempts()) == 1000


@pytest.mark.usefixtures("_each_port_is_a_process")
def test_silent_process_is_named_as_long_as_all_others_are_known(
    way: EnvironmentWay, doors: Doors
) -> None:
    """Who asked can't be told from who did not, once there were too many."""
    for number in (1, 2):
        doors.tell(number, "app.livestorm.co", "served")
    arrive(way, doors, 2)
    assert [one.process for one in way.attempts()] == [Process(1, "x")]
    for number in range(3, MOST_PROCESSES + 3):
        arrive(way, doors, number)
    assert way.attempts() == []
    assert any("is not known" in note for note in way.notes())


CONNECT = """
import socket, sys
one = socket.socket()
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
one.bind(("127.0.0.1", int(sys.argv[1])))
one.connect(("127.0.0.1", int(sys.argv[2])))
print(one.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def connect() -> Iterator[Callable[[int, int], tuple[int, int]]]:
    """Have a process connect from a port to another; give its id and the port."""
    with ExitStack() as stack:

        def begin(local: int, remote: int) -> tuple[int, int]:
            command = [sys.executable, "-c", CONNECT, str(local), str(remote)]
            pipe = subprocess.PIPE
            child = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe))
            stack.callback(child.kill)
            assert child.stdout is not None
            return child.pid, int(child.stdout.readline())

        yield begin


def test_process_is_found_by_both_ends_of_its_connection(
    way: EnvironmentWay, doors: Doors, connect: Callable[[int, int], tuple[int, int]]
) -> None:
    """Another one may have the same port, for a connection to another place."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        door = doors.listeners[-1].getsockname()
        ours, port = connect(0, door[1])
        connect(port, elsewhere.getsockname()[1])
        found = arrive(way, doors, port)
        assert found is not None
        assert found.id == ours
        doors.tell(port, "www.livestorm.co", "refused")
        assert [one.process for one in way.attempts()] == [found]


@pytest.mark.parametrize("asking", [Process(2, "child"), None], ids=["a fork", "nobody any more"])
def test_who_connects_is_not_silent_where_another_one_asks(
    way: EnvironmentWay, doors: Doors, monkeypatch: pytest.MonkeyPatch, asking: Process | None
) -> None:
    """A connection may be left to a fork, or its process be gone when its request is read."""
    connecting = Process(1, "parent")
    owners = iter([connecting, asking])
    monkeypatch.setattr(SocketOwners, "find_connection", lambda *_: next(owners))
    doors.tell(40_000, "app.livestorm.co", "served")
    assert arrive(way, doors, 40_000) == (asking or connecting)
    assert way.attempts() == []


def test_who_connects_to_a_shims_door_is_the_guards_to_know(
    way: EnvironmentWay, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There nothing comes before the request that would say whose connection it is."""
    known = Process(1, "parent")
    monkeypatch.setattr(SocketOwners, "find_connection", lambda *_: None)
    monkeypatch.setattr(Guard, "callers", lambda _: {1: Attempt(target="x", process=known, at=0)})
    monkeypatch.setattr(Guard, "caller_at", lambda _, port: {40_000: known}.get(port))
    shim = doors.listeners[0].getsockname()
    peer = ("127.0.0.1", 40_000)
    assert len(way.attempts()) == 1
    assert way.process_of(Arrival(peer=peer, door=shim, scheme="https", host="x")) == known
    assert way.attempts() == []
