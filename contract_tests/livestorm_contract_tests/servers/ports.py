"""Ports of the loopback addresses that nobody else gets.

Each address has ports of its own: a server on [::1] does not keep another program from the same
port of 127.0.0.1, which a client that asks for `localhost` may find instead.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

LOOPBACK: Final = ("127.0.0.1", "::1")
MOST_TRIES: Final = 10


@contextmanager
def hold_port(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Hold a port on which nobody listens, a free one for 0. Raises OSError."""
    with socket.socket(_family(host)) as held:
        if port:
            # Without it the connections that a server of this port ended would still be in the way.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        yield held.getsockname()[1]


@contextmanager
def listen_alone(host: str) -> Iterator[socket.socket]:
    """Listen on a free port of `host` that nobody listens on at another loopback address.

    Raises OSError where the machine has no such address.
    """
    with ExitStack() as taken:
        for _ in range(MOST_TRIES):
            listener = taken.enter_context(socket.create_server((host, 0), family=_family(host)))
            if _hold_elsewhere(listener, taken):
                break
        else:
            raise OSError(errno.EADDRINUSE, f"no port of {host} is free at {LOOPBACK}")
        yield listener


def _hold_elsewhere(listener: socket.socket, taken: ExitStack) -> bool:
    host, port = listener.getsockname()[:2]
    for other in LOOPBACK:
        try:
            if other != host:
                taken.enter_context(hold_port(other, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
