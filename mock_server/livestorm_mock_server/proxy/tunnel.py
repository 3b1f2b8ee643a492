"""Bytes in both directions between a client and another server, until both have said all."""

import asyncio
import socket
import ssl
from collections.abc import Callable
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
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(idle) as patience, asyncio.TaskGroup() as both:

            def go_on() -> None:
                patience.reschedule(loop.time() + idle)

            both.create_task(_send_on(client, writer, go_on))
            both.create_task(_send_back(reader, client, go_on))
    except* OSError:
        pass  # One of them has left, or both have fallen silent.
    finally:
        writer.transport.abort()
        client.close()


async def _send_on(
    client: socket.socket, writer: asyncio.StreamWriter, go_on: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(client, _CHUNK):
        go_on()
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    writer.transport.set_write_buffer_limits(0)
    await writer.drain()  # What is still here then would be dropped at the end.


async def _send_back(
    reader: asyncio.StreamReader, client: socket.socket, go_on: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    while data := await reader.read(_CHUNK):
        go_on()
        await loop.sock_sendall(client, data)
    client.shutdown(socket.SHUT_WR)
