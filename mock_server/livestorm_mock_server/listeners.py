"""The sockets of a server: its own, one that is another origin to clients, one of a proxy."""

import errno
import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from .addresses import NOWHERE, Addresses
from .doors import Door, Proxying
from .origins import is_loopback, split
from .reading import InvalidInputError

if TYPE_CHECKING:
    from .tls.credentials import Credentials


class Proxy(msgspec.Struct, frozen=True):
    """A port at which there is a proxy, 0 for a free one, and how it behaves."""

    port: int
    proxying: Proxying


class Listeners:
    """They listen from the moment they are made; port 0 takes a free one.

    `named` has the URLs that they are given; with `credentials`, theirs to close, they speak HTTPS
    too. Raises OSError where a port can't be had.
    """

    def __init__(
        self,
        host: str,
        port: int,
        other_port: int = 0,
        *,
        named: Addresses = NOWHERE,
        credentials: "Credentials | None" = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._credentials = credentials
        self._proxying = None if proxy is None else proxy.proxying
        with ExitStack() as opened:
            own = opened.enter_context(bind(host, port))
            host = own.getsockname()[0]
            self.sockets = (own, opened.enter_context(bind(host, other_port)))
            self._of_proxy = (
                () if proxy is None else (opened.enter_context(bind(host, proxy.port)),)
            )
            opened.pop_all()
        self.port: int = own.getsockname()[1]
        other_port = self.sockets[1].getsockname()[1]
        proxy_ports = [one.getsockname()[1] for one in self._of_proxy]
        self.addresses = replace(
            named,
            host=host,
            port=self.port,
            other_port=other_port,
            ca_file=None if credentials is None else str(credentials.ca_file),
            proxy_port=next(iter(proxy_ports), None),
        )

    def doors(self) -> list[Door]:
        """Give the doors to them."""
        tls = None if self._credentials is None else self._credentials.context
        doors = [Door(one, tls) for one in self.sockets]
        return doors + [Door(one, tls, proxying=self._proxying) for one in self._of_proxy]

    def close(self) -> None:
        """Listen no longer."""
        for listener in (*self.sockets, *self._of_proxy):
            listener.close()
        if self._credentials is not None:
            self._credentials.close()


def read_proxy(port: int | None, others: str) -> Proxy | None:
    """Read what is wanted of a proxy, None without a port. Raises InvalidInputError."""
    if others not in ("refuse", "pass"):
        raise InvalidInputError("proxy_others", others, "refuse or pass")
    if port is None:
        if others != "refuse":
            raise InvalidInputError("proxy_others", others, "nothing without a proxy_port")
        return None
    return Proxy(port, Proxying(passes_others=others == "pass"))


def open_listeners(
    host: str,
    port: int,
    other_port: int = 0,
    *,
    named: Addresses = NOWHERE,
    tls: bool = False,
    ca_dir: Path | None = None,
    proxy: Proxy | None = None,
) -> Listeners:
    """Make listeners; with `tls` they speak HTTPS too, as `Credentials` has it, or with `proxy`.

    Raises OSError where a port can't be had, InvalidInputError for a folder that can't be used.
    """
    if proxy is not None and proxy.proxying.passes_others and not is_loopback(host):
        expected = "refuse, where other machines can reach the proxy"
        raise InvalidInputError("proxy_others", "pass", expected)
    if not tls and proxy is None:
        return Listeners(host, port, other_port, named=named)
    if os.name != "posix":
        expected = "nothing on Windows, where nobody can look at what a client says first"
        name, given = ("tls", True) if proxy is None or tls else ("proxy_port", proxy.port)
        raise InvalidInputError(name, given, expected)
    from .tls.credentials import Credentials

    urls = (named.public_url, named.other_url)
    credentials = Credentials(ca_dir, [host, *(split(one or "").hostname or "" for one in urls)])
    try:
        return Listeners(host, port, other_port, named=named, credentials=credentials, proxy=proxy)
    except BaseException:
        credentials.close()
        raise


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
    number = getattr(error, "errno", None)
    told = f"can't listen on {shown}: {reason}"
    if number == errno.EADDRINUSE:
        told += "; another fake may be running there, and port 0 takes a free one"
    return OSError(told) if number is None else OSError(number, told)
