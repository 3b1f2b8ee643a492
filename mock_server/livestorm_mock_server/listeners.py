"""The two sockets of a server: its own, and one that is another origin to clients."""

import os
import socket
from dataclasses import replace

from .addresses import NOWHERE, Addresses


class Listeners:
    """They listen from the moment they are made; port 0 takes a free one.

    `named` has the URLs that they are given. Raises OSError where a port can't be had.
    """

    def __init__(
        self, host: str, port: int, other_port: int = 0, *, named: Addresses = NOWHERE
    ) -> None:
        own = bind(host, port)
        host = own.getsockname()[0]
        self.port: int = own.getsockname()[1]
        try:
            other = bind(host, other_port)
        except OSError:
            own.close()
            raise
        self.sockets = (own, other)
        other_port = other.getsockname()[1]
        self.addresses = replace(named, host=host, port=self.port, other_port=other_port)

    def close(self) -> None:
        """Listen no longer."""
        for listener in self.sockets:
            listener.close()


def bind(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 takes a free one. Raises OSError, which says where."""
    if not host:
        raise OSError("no address is given")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _explained(error, host, port) from None
    try:
        if os.name == "posix":  # On Windows it would share the port with whoever has it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError, TypeError, ValueError) as error:
        listener.close()
        raise _explained(error, host, port) from None
    listener.setblocking(False)
    return listener


def _explained(error: Exception, host: str, port: int) -> OSError:
    reason = getattr(error, "strerror", None) or str(error)
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    told = f"can't listen on {shown}: {reason}"
    number = getattr(error, "errno", None)
    return OSError(told) if number is None else OSError(number, told)
