"""`--allow HOST:PORT`: a way out of the command's network to one place."""

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError
from livestorm_mock_server.interception.namespace.allowing import (
    Allowed,
    addresses_of,
    names_of,
    read_allowed,
)
from livestorm_mock_server.interception.namespace.bridge import Bridge

from .commands import OURSELVES, REACH, python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

EXCHANGES = f"""{REACH}
import hashlib, socket
one = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60)
one.sendall(bytes(range(256)) * 4000)
one.shutdown(socket.SHUT_WR)
print(hashlib.sha256(one.makefile("rb").read()).hexdigest())
"""
"""Sends a megabyte, ends its side, and reads to the end of the other."""


@pytest.fixture
def echo() -> Iterator[int]:
    """A server of the machine that returns all that it got, once it has got it; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client, client.makefile("rb") as stream:
                    client.sendall(stream.read())

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def test_connections_of_a_place_are_bounded(echo: int) -> None:
    """One more than there may be is reset, and the reason is known; the others go on."""

    async def exchange() -> tuple[bytes, str | None]:
        listener = socket.create_server(("127.0.0.1", 0))
        bridge = Bridge(Allowed("127.0.0.1", echo, ("127.0.0.1",)), most=1)
        await bridge.begin([listener])
        first, to_first = await asyncio.open_connection(*listener.getsockname())
        second, to_second = await asyncio.open_connection(*listener.getsockname())
        with pytest.raises(ConnectionResetError):
            await second.read()
        to_first.write(b"x")
        to_first.write_eof()
        came = await first.read()
        to_first.close()
        to_second.close()
        await bridge.close()
        return came, bridge.error

    assert asyncio.run(exchange()) == (b"x", "there are 1 connections already")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_place_is_reached_and_each_side_ends_by_itself(echo: int, host: str) -> None:
    """Bytes go both ways, and the end of one direction is not that of the other."""
    import hashlib

    allowed = ("--allow", f"{host}:{echo}")
    done = OURSELVES.run("--isolate", "always", *allowed, *python(EXCHANGES, host, str(echo)))
    assert done.stdout == hashlib.sha256(bytes(range(256)) * 4000).hexdigest() + "\n"
    assert (done.returncode, "went elsewhere" in done.stderr) == (0, False)


def test_place_where_nobody_listens_is_told() -> None:
    """The command's connection is reset, and the end says why."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = f"{REACH}\nimport socket\none = socket.create_connection(('localhost', {port}))\n"
    told += "try: print(one.recv(1))\nexcept ConnectionResetError: print('reset')"
    allowed = ("--allow", f"localhost:{port}")
    done = OURSELVES.run("--isolate", "always", *allowed, *python(told))
    assert done.stdout == "reset\n"
    assert f"--allow localhost:{port} could not be reached: " in done.stderr


@pytest.mark.parametrize(
    "place",
    [
        "db.test",
        "db.test:0",
        "db.test:65536",
        ":80",
        "a b:80",
        "::1:80",
        "http://db.test:80",
        "1.2.3:80",
        "app.livestorm.co:443",
        "Livestorm.co.:80",
        "www.livestorm.CO:443",
    ],
)
def test_what_is_no_place_is_wrong_usage(place: str) -> None:
    """No host and port, and no host of Livestorm's."""
    with pytest.raises(InvalidInputError, match="--allow"):
        read_allowed([place])


def test_livestorm_cannot_be_allowed() -> None:
    """3, before anything is started."""
    done = OURSELVES.run("--allow", "app.livestorm.co:443", "--", "true")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)


def test_without_a_network_of_its_own_there_is_nothing_to_allow() -> None:
    """3, as it would be without effect."""
    done = OURSELVES.run("--isolate", "never", "--allow", "db.test:5432", "--", "true")
    assert done.returncode == 3


LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)


@given(
    names=st.lists(LABEL.map("{}.test".format), max_size=5),
    addresses=st.lists(st.ip_addresses(v=4).map(str), max_size=5),
    port=st.integers(1, 65535),
)
def test_each_place_has_an_address_of_its_own_inside(
    names: list[str], addresses: list[str], port: int
) -> None:
    """Names get addresses of the loopback that nobody else has; addresses stay what they are."""
    allowed = read_allowed([f"{one}:{port}" for one in (*names, *addresses)])
    inside = [one.inside[0] for one in allowed]
    assert len(set(inside)) == len(inside) == len({*names, *addresses})
    assert set(names_of(allowed)) == set(names)
    assert set(addresses_of(allowed)) <= set(addresses)
