"""The time limit of a blocking request."""

import socket

import httpcore
import pytest
from livestorm_client.watchdog import Watchdog


class Stream(httpcore.NetworkStream):
    """A network stream that has nothing but its socket."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def get_extra_info(self, info: str) -> object:
        return self._connection if info == "socket" else None


def test_socket_is_shut_when_time_is_up() -> None:
    """A reader that is blocked wakes up with the end of the stream."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Watchdog(0.01) as watchdog:
        watchdog.trace("connection.connect_tcp.complete", {"return_value": Stream(ours)})
        assert ours.recv(1) == b""
        with pytest.raises(TimeoutError):
            watchdog.check_in_time()


def test_socket_that_comes_too_late_is_shut_at_once() -> None:
    """Connecting may take up all the time; nothing is read then."""
    early, _early = socket.socketpair()
    late, peer = socket.socketpair()
    with early, _early, late, peer, Watchdog(0.01) as watchdog:
        watchdog.guard(Stream(early))
        assert early.recv(1) == b""
        watchdog.trace("connection.start_tls.complete", {"return_value": Stream(late)})
        assert late.recv(1) == b""


def test_socket_is_left_alone_in_time() -> None:
    """A request that ends in time leaves nothing behind that could shut its socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Watchdog(60) as watchdog:
            watchdog.guard(Stream(ours))
            watchdog.check_in_time()
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


def test_other_events_and_closed_sockets_are_no_matter() -> None:
    """Only new connections are taken, and a socket that is gone already is no failure."""
    ours, theirs = socket.socketpair()
    with ours, theirs, Watchdog(0.01) as watchdog:
        watchdog.guard(Stream(ours))
        assert ours.recv(1) == b""
        watchdog.trace("http11.send_request_headers.started", {"request": None})
        ours.close()
        watchdog.guard(Stream(ours))
        watchdog.guard(None)
