"""The nameserver of a guarded command, on the loopback."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.interception import resolver
from livestorm_mock_server.interception.resolver import Resolver, real_name
from livestorm_mock_server.real_hosts import is_livestorms

from .nameserver import Nameserver

SECONDS = 30
MOST = 4


class SlowResolver(Resolver):
    """Answers once it may; `peak` is how many waited for that at once."""

    def __init__(self) -> None:
        self.entered, self.may = threading.Semaphore(0), threading.Event()
        self._lock, self._inside, self.peak = threading.Lock(), 0, 0
        super().__init__(lambda _: None, [])

    def answer(self, query: bytes, *, whole: bool) -> bytes:
        with self._lock:
            self._inside += 1
            self.peak = max(self.peak, self._inside)
        self.entered.release()
        self.may.wait(SECONDS)
        with self._lock:
            self._inside -= 1
        return super().answer(query, whole=whole)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowResolver]:
    """One that sees to four at once."""
    monkeypatch.setattr(resolver, "MOST_AT_ONCE", MOST)
    made = SlowResolver()
    yield made
    made.may.set()
    made.close()


def query(number: int) -> bytes:
    """Ask for the address of `x`."""
    return bytes([0, number]) + bytes.fromhex("01000001000000000000") + b"\1x\0\0\1\0\1"


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_livestorms_name_in_whatever_bytes_is_one_of_its_names(before: bytes, after: bytes) -> None:
    """A question that can't be read is taken for the domain itself, and is not handed on."""
    name = real_name(before + b"\x09livestorm\x02co" + after)
    assert name is not None
    assert is_livestorms(name)


def test_questions_at_once_are_bounded(slow: SlowResolver) -> None:
    """Who asks when too many do is not answered, and is when he asks again later."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(SECONDS)
        client.connect(slow.address)
        for number in range(MOST):
            client.send(query(number))
            assert slow.entered.acquire(timeout=SECONDS)
        for number in range(MOST, 3 * MOST):
            client.send(query(number))
        with socket.create_connection(slow.address, SECONDS) as other:
            asked = query(9)
            other.sendall(len(asked).to_bytes(2, "big") + asked)
            assert slow.entered.acquire(timeout=SECONDS)
            slow.may.set()
            assert other.recv(100)
        waiting = {*range(MOST)}
        while waiting:
            waiting.discard(client.recv(100)[1])
    assert slow.peak <= MOST + 1


class LeavingNameserver(Nameserver):
    """Has no whole answer by UDP, and by TCP a part of one."""

    part = b""

    def _over_tcp(self) -> type[socketserver.StreamRequestHandler]:
        part = self.part

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.rfile.read(2)
                self.wfile.write(part)

        return Handler


@pytest.mark.parametrize("part", [b"", b"\0", b"\0\x20", b"\0\x20\0\1\x81\x80"], ids=bytes.hex)
def test_nameserver_that_leaves_early_is_none(
    part: bytes, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The next one is asked, and without one the question has failed; nothing is printed."""
    monkeypatch.setattr(LeavingNameserver, "part", part)
    leaving = LeavingNameserver({"x": "192.0.2.7"}, too_long=True)
    good = Nameserver({"x": "192.0.2.7"})
    with leaving, good:
        assert ask([leaving.address, good.address])[-4:] == socket.inet_aton("192.0.2.7")
        assert ask([leaving.address])[3] & 0xF == 2
    assert capfd.readouterr().err == ""


def test_client_that_leaves_early_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    """Half a question is none, and nothing is printed."""
    with closing(Resolver(lambda _: None, [])) as begun:
        for part in (b"", b"\0", b"\0\x20", b"\0\x20\0\1\1"):
            with socket.create_connection(begun.address, SECONDS) as client:
                client.sendall(part)
                client.shutdown(socket.SHUT_WR)
                assert client.recv(100) == b""
    assert capfd.readouterr().err == ""


def ask(nameservers: list[tuple[str, int]]) -> bytes:
    """Ask for the address of `x` by TCP."""
    asked = query(1)
    with (
        closing(Resolver(lambda _: None, nameservers)) as begun,
        socket.create_connection(begun.address, SECONDS) as client,
        client.makefile("rb") as answers,
    ):
        client.sendall(struct.pack("!H", len(asked)) + asked)
        return answers.read(struct.unpack("!H", answers.read(2))[0])
