"""The connect-time shim: where connections go while it is open, and after."""

import asyncio
import contextvars
import errno
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import requests
import urllib3
import uvloop
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.interception import connect_shim
from livestorm_mock_server.interception.connect_shim import MARKERS, Redirection

from tests.hardening.compat.interpreters import found

HOSTS = sorted(MARKERS)
URL = "http://app.livestorm.co/"


class Named:
    """A server that answers each request with its own name."""

    def __init__(self, name: str) -> None:
        self.name = name.encode()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                asked = b""
                while b"\r\n\r\n" not in asked and (read := client.recv(65536)):
                    asked += read
                head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                client.sendall(head % len(self.name) + self.name)

    def close(self) -> None:
        """Stop listening."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join(10)


@pytest.fixture
def fakes() -> Iterator[list[Named]]:
    """Two servers."""
    both = [Named("one"), Named("two")]
    yield both
    for one in both:
        one.close()


def by_create_connection(host: str, port: int) -> str:
    with socket.create_connection((host, port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return client.makefile("rb").read().partition(b"\r\n\r\n")[2].decode()


def by_connect(host: str, port: int) -> str:
    with socket.socket() as client:
        client.connect((host, port))
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return client.makefile("rb").read().partition(b"\r\n\r\n")[2].decode()


def by_connect_ex(host: str, port: int) -> str:
    with socket.socket() as client:
        assert client.connect_ex((host, port)) == 0
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return client.makefile("rb").read().partition(b"\r\n\r\n")[2].decode()


def by_http_client(host: str, port: int) -> str:
    client = http.client.HTTPConnection(host, port, timeout=10)
    client.request("GET", "/")
    told = client.getresponse().read().decode()
    client.close()
    return told


def by_urllib(host: str, port: int) -> str:
    with urllib.request.urlopen(f"http://{host}:{port}/", timeout=10) as answer:
        return str(answer.read().decode())


def by_urllib3(host: str, port: int) -> str:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", f"http://{host}:{port}/", retries=False).data.decode()


def by_requests(host: str, port: int) -> str:
    return requests.get(f"http://{host}:{port}/", timeout=10).text


def by_httpx(host: str, port: int) -> str:
    return httpx.get(f"http://{host}:{port}/").text


async def _by_httpx(host: str, port: int) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://{host}:{port}/")).text


async def _by_asyncio(host: str, port: int) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    told = (await reader.read()).partition(b"\r\n\r\n")[2].decode()
    writer.close()
    return told


async def _by_anyio(host: str, port: int) -> str:
    async with await anyio.connect_tcp(host, port) as stream:
        await stream.send(b"GET / HTTP/1.1\r\n\r\n")
        told = b""
        async for part in stream:
            told += part
    return told.partition(b"\r\n\r\n")[2].decode()


async def _by_sock_connect(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    with socket.socket(found[0][0]) as client:
        client.setblocking(False)
        await loop.sock_connect(client, found[0][4])
        reader, writer = await asyncio.open_connection(sock=client)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        told = (await reader.read()).partition(b"\r\n\r\n")[2].decode()
        writer.close()
    return told


def _on_uvloop(client: Callable[[str, int], Any]) -> Callable[[str, int], str]:
    def by(host: str, port: int) -> str:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return str(runner.run(client(host, port)))

    return by


def _on_asyncio(client: Callable[[str, int], Any]) -> Callable[[str, int], str]:
    def by(host: str, port: int) -> str:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return str(runner.run(client(host, port)))

    return by


CLIENTS = {
    "create_connection": by_create_connection,
    "connect": by_connect,
    "connect_ex": by_connect_ex,
    "http.client": by_http_client,
    "urllib": by_urllib,
    "urllib3": by_urllib3,
    "requests": by_requests,
    "httpx": by_httpx,
    "httpx, async": _on_asyncio(_by_httpx),
    "asyncio": _on_asyncio(_by_asyncio),
    "anyio": _on_asyncio(_by_anyio),
    "httpx, on uvloop": _on_uvloop(_by_httpx),
    "streams, on uvloop": _on_uvloop(_by_asyncio),
    "sock_connect, on uvloop": _on_uvloop(_by_sock_connect),
}


@pytest.mark.parametrize("port", connect_shim.PORTS)
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_client_that_names_the_host_reaches_the_fake(
    client: str, host: str, port: int, fakes: list[Named]
) -> None:
    """Whatever resolves and connects by the module `socket` is led, on both ports."""
    told: list[tuple[str, int, bool]] = []
    with Redirection(fakes[0].address, lambda *one: told.append(one)):
        assert CLIENTS[client](host, port) == "one"
    assert told == [(host, port, True)]


@pytest.mark.parametrize(
    "spelling",
    ["APP.livestorm.co", "app.livestorm.co.", b"app.livestorm.co", "\uff41pp.livestorm\u3002co"],
)
def test_host_is_known_however_it_is_spelt(spelling: Any, fakes: list[Named]) -> None:
    """What the resolver takes for the host is the host."""
    with Redirection(fakes[0].address):
        assert by_create_connection(spelling, 443) == "one"


@pytest.mark.parametrize("lookup", ["gethostbyname", "gethostbyname_ex", "gethostbyaddr"])
@pytest.mark.parametrize("host", HOSTS)
def test_older_lookups_give_the_marker(host: str, lookup: str, fakes: list[Named]) -> None:
    """What is done with their address then is led like any other."""
    with Redirection(fakes[0].address):
        found = getattr(socket, lookup)(host)
        assert found == {"gethostbyname": MARKERS[host]}.get(lookup, (host, [], [MARKERS[host]]))


def _connect(name: str, kind: int = socket.SOCK_STREAM) -> None:
    with socket.socket(type=kind) as client:
        client.connect((name, 443))


def _connect_ex(name: str) -> None:
    with socket.socket() as client:
        client.connect_ex((name, 443))


LOOK_UPS: dict[str, Callable[[str], object]] = {
    "getaddrinfo": lambda name: socket.getaddrinfo(name, 443),
    "gethostbyname": lambda name: socket.gethostbyname(name),
    "gethostbyname_ex": lambda name: socket.gethostbyname_ex(name),
    "gethostbyaddr": lambda name: socket.gethostbyaddr(name),
    "connect": _connect,
    "connect by UDP": lambda name: _connect(name, socket.SOCK_DGRAM),
    "connect_ex": _connect_ex,
}


@pytest.mark.parametrize("name", ["livestorm.co", "www.livestorm.co", "a.api.livestorm.co"])
@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_other_name_of_livestorm_is_refused_and_told(
    name: str, look_up: str, fakes: list[Named]
) -> None:
    """Nothing of livestorm.co is left to the real resolver."""
    told: list[tuple[str, int, bool]] = []
    with (
        Redirection(fakes[0].address, lambda *one: told.append(one)),
        pytest.raises(socket.gaierror, match=rf"{re.escape(name)} is not faked"),
    ):
        LOOK_UPS[look_up](name)
    assert [(who, led) for who, _, led in told] == [(name, False)]


def test_other_port_of_a_host_is_refused_and_told(fakes: list[Named]) -> None:
    """The fake stands for what the hosts serve, not for any of their ports."""
    told: list[tuple[str, int, bool]] = []
    with Redirection(fakes[0].address, lambda *one: told.append(one)), socket.socket() as client:
        with pytest.raises(ConnectionRefusedError, match="ports 80 and 443 only"):
            client.connect(("app.livestorm.co", 22))
        assert client.connect_ex(("app.livestorm.co", 22)) == errno.ECONNREFUSED
    assert told == [("app.livestorm.co", 22, False)] * 2


@pytest.mark.parametrize("port", ["443", "https"])
def test_port_may_be_a_text_on_uvloop(port: Any, fakes: list[Named]) -> None:
    """As it may be on asyncio's loop: a number, or the name of a service."""
    told: list[tuple[str, int, bool]] = []
    with Redirection(fakes[0].address, lambda *one: told.append(one)):
        assert _on_uvloop(_by_asyncio)("app.livestorm.co", port) == "one"
    assert told == [("app.livestorm.co", 443, True)]


def test_address_of_ipv6_is_none_of_the_hosts(fakes: list[Named]) -> None:
    """Who insists on it gets the resolver's own error."""
    with Redirection(fakes[0].address):
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo("app.livestorm.co", 443, socket.AF_INET6)
        if socket.has_ipv6:
            with socket.socket(socket.AF_INET6) as client, pytest.raises(OSError):
                client.connect(("app.livestorm.co", 443))


@pytest.mark.parametrize("address", [("::1", 80), ("localhost", 80)])
def test_redirection_to_no_address_of_ipv4_is_refused(address: tuple[str, int]) -> None:
    """A socket for a marker can't connect to anything else."""
    with pytest.raises(OSError):
        Redirection(address)


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABEL, min_size=1, max_size=4).map(".".join) | st.sampled_from(
    ["livestorm.co.example", "notlivestorm.co", "livestorm.com", "app.livestorm.co.example.test"]
)
ADDRESSES = st.ip_addresses().map(str).filter(lambda one: one not in MARKERS.values())


class Recorder:
    """Stands where the system's resolver and its `connect` are, and keeps what comes there."""

    def __init__(self) -> None:
        self.taken: list[object] = []

    def getaddrinfo(self, *arguments: object) -> None:
        self.taken.append(arguments)

    def connect(self, sock: socket.socket, address: object) -> None:
        self.taken.append(address)


@given(name=NAMES | ADDRESSES, port=st.integers(0, 65535), family=st.sampled_from([0, 2, 10]))
def test_other_hosts_are_looked_up_as_they_were_asked_for(
    name: str, port: int, family: int
) -> None:
    """No argument of another host's look-up changes, and nothing is told."""
    told: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        recorder = Recorder()
        patch.setattr(socket, "getaddrinfo", recorder.getaddrinfo)
        with Redirection(("127.0.0.1", 1), lambda *one: told.append(one)):
            socket.getaddrinfo(name, port, family)
        assert recorder.taken == [(name, port, family)]
    assert told == []


@given(host=NAMES | ADDRESSES, port=st.integers(0, 65535))
def test_other_addresses_are_connected_to_as_they_are(host: str, port: int) -> None:
    """A connection to anything else is no business of the shim, those within 127/8 included."""
    told: list[object] = []
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch, socket.socket() as client:
        patch.setattr(socket.socket, "connect", lambda self, to: recorder.connect(self, to))
        with Redirection(("127.0.0.1", 1), lambda *one: told.append(one)):
            client.connect((host, port))
    assert recorder.taken == [(host, port)]
    assert told == []


def test_unix_socket_is_left_alone(tmp_path: Path, fakes: list[Named]) -> None:
    """An address that is a path has no host."""
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(tmp_path / "here"))
        listener.listen()
        with Redirection(fakes[0].address):
            client.connect(str(tmp_path / "here"))


def _state() -> list[object]:
    modules = [vars(socket)[name] for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr")]
    sockets = [vars(socket.socket).get(name) for name in ("connect", "connect_ex")]
    loops = [vars(uvloop.Loop).get(name) for name in ("getaddrinfo", "create_connection")]
    return [*modules, *sockets, *loops]


def test_end_leaves_the_module_as_it_was(fakes: list[Named]) -> None:
    """Also in nesting, and after an error."""
    before = _state()
    with suppress(ZeroDivisionError), Redirection(fakes[0].address):
        with Redirection(fakes[1].address):
            pass
        assert _state() != before
        raise ZeroDivisionError
    assert _state() == before


def test_patch_of_somebody_else_stays(fakes: list[Named], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was put around the shim is not taken away with it, and goes on to work."""
    with Redirection(fakes[0].address):
        inner = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments: inner(*arguments))
        outer = socket.getaddrinfo
        assert by_create_connection("app.livestorm.co", 443) == "one"
    assert socket.getaddrinfo is outer
    assert by_create_connection(*fakes[1].address) == "two"
    with Redirection(fakes[1].address):
        assert by_create_connection("app.livestorm.co", 443) == "two"


def test_inner_one_counts_until_its_end(fakes: list[Named]) -> None:
    """They nest."""
    with Redirection(fakes[0].address):
        with Redirection(fakes[1].address):
            assert by_urllib("app.livestorm.co", 80) == "two"
        assert by_urllib("app.livestorm.co", 80) == "one"


@given(steps=st.lists(st.integers(0, 11), max_size=12))
def test_newest_that_is_open_counts_in_whatever_order_they_end(steps: list[int]) -> None:
    """And at the end nothing is left of them, whoever was closed first."""
    before, recorder = _state(), Recorder()
    opened: list[Redirection] = []
    with pytest.MonkeyPatch.context() as patch, socket.socket() as client:
        patch.setattr(socket.socket, "connect", lambda self, to: recorder.connect(self, to))
        for number, step in enumerate(steps, start=1):
            if step % 2 or not opened:
                opened.append(Redirection(("127.0.0.1", number)).__enter__())
            else:
                opened.pop(step % len(opened)).__exit__()
            client.connect(("app.livestorm.co.example" if not opened else "app.livestorm.co", 443))
            expected = opened[-1].address if opened else ("app.livestorm.co.example", 443)
            assert recorder.taken[-1] == expected
        for one in opened:
            one.__exit__()
    assert _state() == before


def test_one_that_is_open_is_not_opened_again(fakes: list[Named]) -> None:
    """After its end it can be."""
    once = Redirection(fakes[0].address)
    with once, pytest.raises(RuntimeError, match="open already"):
        once.__enter__()
    with once:
        assert by_urllib("app.livestorm.co", 80) == "one"


def in_thread(ask: Callable[[], str]) -> str:
    """Ask in a thread of its own, and give the answer or the error's text."""
    told: list[str] = []

    def run() -> None:
        try:
            told.append(ask())
        except OSError as error:
            told.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return told[0]


def test_threads_have_one_each(fakes: list[Named]) -> None:
    """Two that are open at the same time in two threads do not meet."""
    together = threading.Barrier(2, timeout=30)
    told: dict[int, str] = {}

    def run(number: int) -> None:
        with Redirection(fakes[number].address):
            together.wait()
            told[number] = by_urllib("app.livestorm.co", 80)
            together.wait()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert told == {0: "one", 1: "two"}


def test_tasks_have_one_each(fakes: list[Named]) -> None:
    """Two that are open at the same time in two tasks do not meet, though they share a resolver."""

    async def ask(number: int, both: asyncio.Barrier) -> str:
        with Redirection(fakes[number].address):
            await both.wait()
            told = await asyncio.create_task(_by_httpx("app.livestorm.co", 80))
            await both.wait()
            return told

    async def run() -> list[str]:
        both = asyncio.Barrier(2)
        return list(await asyncio.gather(ask(0, both), ask(1, both)))

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        assert runner.run(run()) == ["one", "two"]


def test_thread_without_context_has_the_innermost_of_the_only_nest(fakes: list[Named]) -> None:
    """It is clear there which one is meant."""
    with Redirection(fakes[0].address), Redirection(fakes[1].address):
        assert in_thread(lambda: by_urllib("app.livestorm.co", 80)) == "two"


def test_thread_without_context_is_refused_where_two_are_open(fakes: list[Named]) -> None:
    """Neither sandbox gets what may be meant for the other one; with a context it is clear."""
    outside = contextvars.copy_context()
    with Redirection(fakes[0].address):
        inside = contextvars.copy_context()
        other = outside.run(Redirection(fakes[1].address).__enter__)
        try:
            refused = in_thread(lambda: by_connect("app.livestorm.co", 80))
            assert "2 fakes stand for livestorm.co" in refused
            clear = in_thread(lambda: inside.run(by_connect, "app.livestorm.co", 80))
            assert clear == "one"
        finally:
            other.__exit__()


def test_end_in_another_context_than_the_beginning(fakes: list[Named]) -> None:
    """Fixtures do so; what the context had before counts again."""
    opened = Redirection(fakes[1].address)
    with Redirection(fakes[0].address):
        inside = contextvars.copy_context()
        inside.run(opened.__enter__)
        opened.__exit__()
        assert inside.run(by_connect, "app.livestorm.co", 80) == "one"


INSTALLED = """
import sys
sys.path.insert(0, sys.argv[1])
import connect_shim
assert not {"asyncio", "encodings.idna", "ssl"} & set(sys.modules), "loads too much"
told = []
connect_shim.install(("127.0.0.1", int(sys.argv[2])), lambda *one: told.append(one))
import socket, threading, urllib.request
def ask():
    return urllib.request.urlopen("http://api.livestorm.co/", timeout=10).read().decode()
print(ask(), end=" ")
thread = threading.Thread(target=lambda: print(ask(), end=" "))
thread.start()
thread.join()
with connect_shim.Redirection(("127.0.0.1", int(sys.argv[3]))):
    print(ask(), end=" ")
    thread = threading.Thread(target=lambda: print(ask(), end=" "))
    thread.start()
    thread.join()
print(ask(), told)
"""


UVLOOP = """
import sys
sys.path.insert(0, sys.argv[1])
import connect_shim
connect_shim.install(("127.0.0.1", int(sys.argv[2])))
import asyncio, uvloop
async def ask(host):
    reader, writer = await asyncio.open_connection(host, 80)
    writer.write(b"GET / HTTP/1.1\\r\\n\\r\\n")
    told = (await reader.read()).rpartition(b"\\r\\n")[2].decode()
    writer.close()
    return told
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    print(*[runner.run(ask(host)) for host in ("app.livestorm.co", "api.livestorm.co")])
"""


def test_uvloop_is_caught_when_it_is_imported_later(fakes: list[Named]) -> None:
    """As in a program that the shim is loaded into."""
    folder = os.path.dirname(connect_shim.__file__)
    command = [sys.executable, "-c", UVLOOP, folder, str(fakes[0].address[1])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, done.stdout) == ("", "one one\n")


def test_import_of_uvloop_after_the_end_is_no_business_of_the_shim(
    fakes: list[Named], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for it goes with the last one that is open."""
    monkeypatch.delitem(sys.modules, "uvloop")
    before = list(sys.meta_path)
    with Redirection(fakes[0].address):
        assert sys.meta_path[1:] == before
    assert sys.meta_path == before


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"])
def test_shim_alone_serves_any_python(version: str, fakes: list[Named]) -> None:
    """It is one file of the standard library, for the whole life of a process of any version."""
    if not (pythons := found(names=[version])):
        pytest.skip(f"there is no Python {version} on this machine")
    folder = os.path.dirname(connect_shim.__file__)
    ports = [str(one.address[1]) for one in fakes]
    done = subprocess.run(
        [pythons[version], "-I", "-c", INSTALLED, folder, *ports],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    led = ("api.livestorm.co", 80, True)
    assert (done.stderr, done.stdout) == ("", f"one one two two one {[led] * 3}\n")


SENDING: dict[str, Callable[[socket.socket, tuple[str, int]], int]] = {
    "sendto": lambda client, address: client.sendto(b"x", address),
    "sendmsg": lambda client, address: client.sendmsg([b"x"], [], 0, address),
}


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
@pytest.mark.parametrize("host", [*connect_shim.MARKERS, *connect_shim.MARKERS.values()])
@pytest.mark.parametrize("how", SENDING)
def test_nothing_is_sent_without_a_connection(kind: int, host: str, how: str) -> None:
    """QUIC and TCP Fast Open would go past the fake; by name, to the real host."""
    told: list[tuple[str, int, bool]] = []
    with (
        connect_shim.Redirection(("127.0.0.1", 1), lambda *one: told.append(one)),
        socket.socket(socket.AF_INET, kind) as client,
        pytest.raises(ConnectionRefusedError, match="by TCP only"),
    ):
        SENDING[how](client, (host, 443))
    assert [(port, led) for _, port, led in told] == [(443, False)]
