"""The first bytes of a connection: whether a client speaks TLS, and to whom it wants to."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Final

_HANDSHAKE: Final = 0x16
"""The first byte of TLS, which no method of HTTP begins with (RFC 8446, section 5.1)."""
_RECORD_HEAD: Final = 5
_MAJOR_VERSION: Final = 3
_MAX_RECORD: Final = 16 * 1024
_CLIENT_HELLO: Final = 1
_SERVER_NAME: Final = 0
_HOST_NAME: Final = 0


async def speaks_tls(client: socket.socket) -> bool:
    """Wait for the first byte that a client sends, leave it there, and tell whether it is TLS's.

    Raises EOFError where it leaves instead, OSError where the connection breaks.
    """
    came = await _peek(client, 1)
    if not came:
        raise EOFError
    return came[0] == _HANDSHAKE


async def peek_server_name(client: socket.socket) -> str | None:
    """Wait for the ClientHello of a client that speaks TLS, leave it there, and give its name.

    Raises OSError where the connection breaks.
    """
    head = await _peek(client, _RECORD_HEAD)
    is_record = len(head) == _RECORD_HEAD and head[1] == _MAJOR_VERSION
    length = min(int.from_bytes(head[3:]), _MAX_RECORD) if is_record else 0
    return read_server_name(await _peek(client, _RECORD_HEAD + length))


def read_server_name(record: bytes) -> str | None:
    """Read the name that a ClientHello asks for; None without one, and for what is no such record.

    RFC 8446, section 4.1.2; RFC 6066, section 3.
    """
    try:
        return next(_server_names(_Reader(record)), None)
    except EOFError:
        return None


async def _peek(client: socket.socket, length: int) -> bytes:
    """Wait for so many bytes, or the end; they stay in the socket."""
    came = _peek_now(client, length)
    if came is not None and len(came) == length:
        return came
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, length)
    try:
        while True:
            await _readable(client)
            came = _peek_now(client, length)
            if came is not None:
                return came
    finally:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)


def _peek_now(client: socket.socket, length: int) -> bytes | None:
    """Give what is there, None where that is nothing."""
    try:
        return client.recv(length, socket.MSG_PEEK)
    except (BlockingIOError, InterruptedError):
        return None


async def _readable(client: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(client, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(client)


class _Reader:
    """Reads numbers and vectors from bytes. Raises EOFError where there is too little."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, length: int) -> bytes:
        """Take bytes."""
        taken = self._data[self._at : self._at + length]
        self._at += length
        if len(taken) < length:
            raise EOFError
        return taken

    def number(self, size: int) -> int:
        """Take a number of so many bytes."""
        return int.from_bytes(self.take(size))

    def vector(self, size: int) -> "_Reader":
        """Take a vector whose length is a number of so many bytes."""
        return _Reader(self.take(self.number(size)))

    def is_left(self) -> bool:
        """Tell whether something is left."""
        return self._at < len(self._data)


def _server_names(record: _Reader) -> Iterator[str]:
    record.take(_RECORD_HEAD)
    if record.number(1) != _CLIENT_HELLO:
        return
    hello = record.vector(3)
    hello.take(2 + 32)  # version and random
    for size in (1, 2, 1):  # session, cipher suites, compression methods
        hello.vector(size)
    extensions = hello.vector(2)
    while extensions.is_left():
        kind, content = extensions.number(2), extensions.vector(2)
        if kind == _SERVER_NAME:
            names = content.vector(2)
            if names.number(1) == _HOST_NAME:
                name = names.vector(2)
                yield name.take(len(name._data)).decode("ascii", "backslashreplace").lower()
