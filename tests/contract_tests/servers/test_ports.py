"""Ports of the loopback addresses that nobody else gets."""

import socket
from itertools import chain, repeat

import pytest
from livestorm_contract_tests.servers.ports import LOOPBACK, hold_port, listen_alone


@pytest.fixture(params=LOOPBACK)
def host(request: pytest.FixtureRequest) -> str:
    """Give each of the loopback addresses that this machine has."""
    address = str(request.param)
    try:
        with hold_port(address):
            return address
    except OSError:
        pytest.skip(f"this machine has no {address}")


def test_held_port_refuses(host: str) -> None:
    """Nobody answers, and nobody else can listen."""
    with hold_port(host) as port:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, port))
        with pytest.raises(OSError, match="in use"), hold_port(host, port):
            pass


def test_port_of_a_server_that_has_ended_can_be_held(host: str) -> None:
    """Connections that the server ended first are remembered by the system, and in no way."""
    with listen_alone(host) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((host, port)) as client:
            listener.accept()[0].close()
            assert client.recv(1) == b""
    with hold_port(host, port), pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))


def test_nobody_is_found_by_another_name(host: str) -> None:
    """A client that tries all addresses of localhost finds this server or none."""
    with listen_alone(host) as listener:
        port = listener.getsockname()[1]
        socket.create_connection((host, port)).close()
        for other in LOOPBACK:
            if other != host:
                with pytest.raises(OSError, match=r"refused|not available"):
                    socket.create_connection((other, port))


def test_port_that_is_taken_at_another_address_is_left(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the system draws first, the port is nobody's elsewhere."""
    create_server = socket.create_server
    with hold_port(host) as taken:
        drawn = chain([taken], repeat(0))

        def create(address: tuple[str, int], *, family: socket.AddressFamily) -> socket.socket:
            return create_server((address[0], next(drawn)), family=family)

        monkeypatch.setattr(socket, "create_server", create)
        for other in LOOPBACK:
            if other != host:
                with listen_alone(other) as listener:
                    assert listener.getsockname()[1] != taken
