"""Bytes in both directions between a client and another server, until both have said all."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

CONNECT: Final = 10.0
"""Seconds in which another server must take the connection."""
IDLE: Final = 300.0
"""Seconds after which a tunnel ends in which nothing goes either way."""
_CHUNK: Final = 64 * 1024

Upstream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(host: str, port: int, *, tls: bool) -> Upstream:
    """Connect to another server. Raises OSError, also where it takes too long."""
    context = ssl.create_default_context() if tls else None
    try:
        async with asyncio.timeout(CONNECT):
            return await asyncio.open_connection(host, port, ssl=context)
    except UnicodeError as error:  # A name with an empty or a long label.
        raise OSError(str(error)) from None


async def join(client: socket.socket, upstream: Upstream, *, idle: float = IDLE) -> None:
    """Carry bytes both ways; each side may end its own and go on listening."""
    reader, writer = upstream
    try:
        async with asyncio.timeout(idle) as patience:
            await _both(client, reader, writer, patience, idle)
    except* OSError:
        pass  # One of them has left, or both have fallen silent.
    finally:
        writer.transport.abort()
        client.close()


async def _both(
    client: socket.socket,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    patience: asyncio.Timeout,
    idle: float,
) -> None:
    loop = asyncio.get_running_loop()

    async def receive() -> bytes:
        return await loop.sock_recv(client, _CHUNK)

    async def send(data: bytes) -> None:
        await loop.sock_sendall(client, data)

    async def send_on(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    async def pump(
        take: Callable[[], Awaitable[bytes]],
        give: Callable[[bytes], Awaitable[None]],
        end: Callable[[], object],
    ) -> None:
        while data := await take():
            patience.reschedule(loop.time() + idle)
            await give(data)
        end()

    async def receive_back() -> bytes:
        return await reader.read(_CHUNK)

    async with asyncio.TaskGroup() as both:
        both.create_task(pump(receive, send_on, lambda: _end(writer)))
        both.create_task(pump(receive_back, send, lambda: client.shutdown(socket.SHUT_WR)))


def _end(writer: asyncio.StreamWriter) -> None:
    if writer.can_write_eof():
        writer.write_eof()
