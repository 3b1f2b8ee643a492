"""Connections of this process to Livestorm's hosts lead to a fake while one is open here.

The resolver gives each of the two hosts a marker address of 127/8, and `connect` puts the fake's
address in the marker's place: the names alone would not do, as clients resolve in one place and
connect in another, or resolve an address once more. Any other name below livestorm.co is refused.

This file needs nothing but the standard library of Python 3.8, so that other processes can load it.

uvloop does both by itself, and has wrappers of its own. What else connects past `socket.socket` is
not caught: libcurl, asyncio's proactor on Windows, gevent, a function that was taken from the
module `socket` before, an address that was known before.
"""

from __future__ import annotations

import contextvars
import errno
import os
import socket
import sys
import threading

# Each process of a command loads this file, and few load `typing` anyway.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable

    Address = tuple[str, int]
    Tell = Callable[[str, int, bool], None]

DOMAIN = "livestorm.co"
MARKERS = {"app.livestorm.co": "127.76.83.1", "api.livestorm.co": "127.76.83.2"}
"""The address that the resolver gives for each host; nothing listens there."""
PORTS = (80, 443)
"""Where the hosts are reached."""

_lock = threading.RLock()
_open: list[Redirection] = []
_patched: list[tuple[Any, str, Any]] = []
_base: Redirection | None = None
_innermost: contextvars.ContextVar[Redirection | None] = contextvars.ContextVar(
    "livestorm_redirection", default=None
)


class Redirection:
    """Leads Livestorm's hosts to an IPv4 address and port while it is open: a context manager.

    Several can be open at once. The innermost of the current context counts (PEP 567: of this
    thread or task, and of the tasks that it starts). A thread begins with an empty context; there
    the only one that is open in the process counts, those that enclose it aside. Where there are
    several, the connection is refused.

    `tell` is told of each connection: the name and port that were asked for, and whether it was led
    to the fake. The port is 0 where only a name was looked up.
    """

    def __init__(self, address: Address, tell: Tell = lambda name, port, led: None) -> None:
        socket.inet_aton(address[0])  # raises OSError: sockets for the markers have this family
        self.address = address
        self.tell = tell
        self._outer: Redirection | None = None

    @property
    def is_open(self) -> bool:
        """Whether connections are led."""
        return self in _open

    def __enter__(self) -> Redirection:
        with _lock:
            if self.is_open:
                raise RuntimeError("this redirection is open already")
            self._outer = _of_context() or _base
            if not _open:
                _patch()
            _open.append(self)
        _innermost.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        with _lock:
            _open.remove(self)
            if not _open:
                _unpatch()
        # An end in another context than the beginning, as fixtures have it, leaves that one alone.
        if _innermost.get() is self:
            _innermost.set(self._outer)


def install(address: Address, tell: Tell = lambda name, port, led: None) -> Redirection:
    """Lead the hosts to an address for the rest of the process, where no other one is open."""
    global _base
    with _lock:
        _base = Redirection(address, tell).__enter__()
    return _base


def _of_context() -> Redirection | None:
    """Give the innermost one of this context that is still open."""
    found = _innermost.get()
    while found is not None and not found.is_open:
        found = found._outer
    return found


def _chosen() -> Redirection:
    """Give the one that counts here. Raises ConnectionRefusedError where that is not clear."""
    with _lock:
        if (found := _of_context()) is not None:
            return found
        enclosing = {id(one._outer) for one in _open}
        inner = [one for one in _open if id(one) not in enclosing]
    if len(inner) == 1:
        return inner[0]
    raise ConnectionRefusedError(
        errno.ECONNREFUSED,
        f"livestorm-mock: {len(inner)} fakes stand for {DOMAIN}, and this thread is in the context"
        " of none: start it by contextvars.copy_context().run",
    )


def _tell(name: str, port: int, led: bool) -> None:
    """Tell who counts here, or where that is not clear all."""
    try:
        told = [_chosen()]
    except ConnectionRefusedError:
        told = list(_open)
    for one in told:
        one.tell(name, port, led)


def _name(host: object) -> str:
    """Give a host as names are compared; what is no name is an empty text."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii", "replace")
    if not isinstance(host, str):
        return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:  # the resolver says what is wrong with such a name
            return ""
    return host.rstrip(".").lower()


def _resolved(host: Any, port: object = 0) -> Any:
    """Give the marker for a host, other hosts as they are. Raises socket.gaierror."""
    name = _name(host)
    if not _open or not (name == DOMAIN or name.endswith("." + DOMAIN)):
        return host
    if name not in MARKERS:
        _tell(name, port if isinstance(port, int) else 0, False)
        told = f"livestorm-mock: {name} is not faked, and nothing may reach the real one"
        raise socket.gaierror(socket.EAI_NONAME, told)
    return MARKERS[name]


def _destination(sock: socket.socket, address: Any) -> Any:
    """Give where a socket has to connect. Raises OSError where that is refused."""
    if not _open or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return address
    if not isinstance(address, tuple) or len(address) < 2:
        return address
    host, port, *rest = address
    host = _resolved(host, port)
    is_led = host in MARKERS.values()
    if not is_led or (sock.family, sock.type) != (socket.AF_INET, socket.SOCK_STREAM):
        return (host, port, *rest)
    return _led(host, port)


def _led(marker: str, port: int) -> Address:
    """Give the fake's address for a marker. Raises ConnectionRefusedError."""
    name = next(name for name, one in MARKERS.items() if one == marker)
    if port not in PORTS:
        _tell(name, port, False)
        told = f"livestorm-mock: {name} is faked on the ports 80 and 443 only"
        raise ConnectionRefusedError(errno.ECONNREFUSED, told)
    chosen = _chosen()
    chosen.tell(name, port, True)
    return chosen.address


def _connecting(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        return original(self, _destination(self, address))

    return connect


def _connecting_ex(original: Any) -> Any:
    def connect_ex(self: socket.socket, address: Any) -> Any:
        try:
            address = _destination(self, address)
        except ConnectionRefusedError as error:
            return error.errno
        return original(self, address)

    return connect_ex


def _refuse_unconnected(sock: socket.socket, address: Any) -> None:
    """Let nothing be sent to the hosts without a connection. Raises OSError."""
    if not _open or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    if not isinstance(address, tuple) or len(address) < 2:
        return
    host, port = _resolved(address[0], address[1]), address[1]
    for name, marker in MARKERS.items():
        if host == marker:
            _tell(name, port, False)
            told = f"livestorm-mock: {name} is faked for connections by TCP only"
            raise ConnectionRefusedError(errno.ECONNREFUSED, told)


def _sending_to(original: Any) -> Any:
    def sendto(self: socket.socket, data: Any, *args: Any) -> Any:
        _refuse_unconnected(self, args[-1] if args else None)
        return original(self, data, *args)

    return sendto


def _sending_message(original: Any) -> Any:
    def sendmsg(self: socket.socket, *args: Any) -> Any:
        _refuse_unconnected(self, args[3] if len(args) > 3 else None)
        return original(self, *args)

    return sendmsg


def _looking_up(original: Any) -> Any:
    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        return original(_resolved(host, port), port, *args, **options)

    return getaddrinfo


def _looking_up_address(original: Any) -> Any:
    def gethostbyname(hostname: Any) -> Any:
        return original(_resolved(hostname))

    return gethostbyname


def _looking_up_names(original: Any) -> Any:
    def gethostbyname_ex(hostname: Any) -> Any:
        marker = _resolved(hostname)
        return original(hostname) if marker is hostname else (_name(hostname), [], [marker])

    return gethostbyname_ex


def _looking_up_in_loop(original: Any) -> Any:
    async def getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        return await original(self, _resolved(host, port), port, **options)

    return getaddrinfo


def _connecting_in_loop(original: Any) -> Any:
    async def create_connection(
        self: Any, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        marker = _resolved(host, port)
        if _open and marker in MARKERS.values():
            if options.get("ssl") and options.get("server_hostname") is None:
                options["server_hostname"] = _name(host)
            if not isinstance(port, int):  # A text may be a number, or the name of a service.
                port = socket.getaddrinfo(marker, port, type=socket.SOCK_STREAM)[0][4][1]
            host, port = _led(marker, port)
        return await original(self, protocol_factory, host, port, **options)

    return create_connection


_PATCHES: dict[tuple[Any, str], Callable[[Any], Any]] = {
    (socket, "getaddrinfo"): _looking_up,
    (socket, "gethostbyname"): _looking_up_address,
    (socket, "gethostbyname_ex"): _looking_up_names,
    (socket, "gethostbyaddr"): _looking_up_names,
    (socket.socket, "connect"): _connecting,
    (socket.socket, "connect_ex"): _connecting_ex,
    (socket.socket, "sendto"): _sending_to,
    (socket.socket, "sendmsg"): _sending_message,
}
_PATCHES_OF_UVLOOP = {
    "getaddrinfo": _looking_up_in_loop,
    "create_connection": _connecting_in_loop,
}


class _AwaitsUvloop:
    """Finds uvloop when it is imported, and patches it then."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        """Leave all else to other finders (importlib.abc.MetaPathFinder)."""
        if name != "uvloop":
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load: Any = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                load(module)
                with _lock:
                    if _open:
                        _patch_uvloop(module)

            vars(spec.loader)["exec_module"] = exec_module
        return spec


def _patch_uvloop(module: Any) -> None:
    for name, around in _PATCHES_OF_UVLOOP.items():
        _put_around(module.Loop, name, around)


def _put_around(owner: Any, name: str, around: Callable[[Any], Any]) -> None:
    before = vars(owner).get(name)
    setattr(owner, name, around(getattr(owner, name)))
    _patched.append((owner, name, (before, vars(owner)[name])))


def _patch() -> None:
    for (owner, name), around in _PATCHES.items():
        _put_around(owner, name, around)
    if "uvloop" in sys.modules:
        _patch_uvloop(sys.modules["uvloop"])
    else:
        sys.meta_path.insert(0, _AwaitsUvloop)


def _unpatch() -> None:
    """Take away what was put in place; where others have patched it since, it stays and sleeps."""
    if _AwaitsUvloop in sys.meta_path:
        sys.meta_path.remove(_AwaitsUvloop)
    while _patched:
        owner, name, (before, ours) = _patched.pop()
        if vars(owner).get(name) is not ours:
            continue
        if before is None:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


def _begin_anew_in_fork() -> None:
    """Take a lock of one's own: another thread may have held this one when it forked."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_in_fork)
