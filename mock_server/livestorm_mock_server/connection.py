"""A client's connection, for what HTTP itself does not offer: resets, cuts, odd bytes."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Protocol, cast

# Closing a socket says FIN, also by asyncio's `abort`, which only drops what it has buffered. With
# a linger time of 0 it is the ABORT call, which says RST.
# https://www.rfc-editor.org/rfc/rfc9293#section-3.10.5
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def reset_on_close(connection: "Socket") -> None:
    """Have a socket say RST when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


class Transport(Protocol):
    """What is used of asyncio's and uvloop's transports."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def is_closing(self) -> bool: ...
    def get_extra_info(self, name: str) -> object: ...


class Socket(Protocol):
    """What is used of asyncio's and uvloop's sockets."""

    def setsockopt(self, level: int, option: int, value: bytes, /) -> None: ...


class FlowControl(Protocol):
    """What is used of uvicorn's flow control."""

    async def drain(self) -> None: ...


class ConnectionName:
    """What tells a connection from others, also after its end: itself."""

    __slots__ = ("__weakref__", "number")

    def __init__(self, number: int | None) -> None:
        self.number = number
        """Counts the connections of the server; None for one from within, of a short cut."""


def _answers_nothing(head: bytes, body: bytes) -> bool:
    return False


class Connection:
    """One connection at the time of one request.

    `take_over` keeps the HTTP server from answering; what is written afterwards goes out as it
    is, and the connection has to be ended.
    """

    def __init__(
        self,
        number: int | None,
        transport: Transport,
        flow: FlowControl,
        answer: Callable[[bytes, bytes], bool] = _answers_nothing,
    ) -> None:
        self.name = ConnectionName(number)
        self.gone = asyncio.Event()
        """Set when the client has left."""
        self.taken_over = False
        self.answer = answer
        """Sends an answer at once: the lines of its head, each with its end, and its body.

        Gives False where it does not, as the client is slow or gone, and HTTP's server has to.
        """
        self._transport = transport
        self._flow = flow

    @property
    def number(self) -> int | None:
        """The number of its name."""
        return self.name.number

    def take_over(self) -> None:
        """Answer by hand from now on."""
        self.taken_over = True

    def write(self, data: bytes) -> None:
        """Send bytes, unless the client has left."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> bool:
        """Wait until the client has taken what was sent; tell whether it is still there."""
        await self._flow.drain()
        return not self.gone.is_set()

    def close(self) -> None:
        """End the connection in order (FIN) once all is sent."""
        # A transport of TLS that is closed twice can't be aborted any more.
        # https://github.com/python/cpython/blob/main/Lib/asyncio/sslproto.py
        if not self._transport.is_closing():
            self._transport.close()

    def reset(self) -> None:
        """End the connection at once, with an RST, unless it is over."""
        if self._transport.is_closing():
            return
        connection = cast("Socket | None", self._transport.get_extra_info("socket"))
        if connection is not None:  # A connection from within has none.
            reset_on_close(connection)
        self._transport.abort()

    async def wait(self, seconds: float) -> bool:
        """Wait in real time; tell whether the client is still there."""
        try:
            async with asyncio.timeout(seconds):
                await self.gone.wait()
        except TimeoutError:
            return True
        return False
