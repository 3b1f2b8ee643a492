"""A way out to one place: listeners inside, connections outside, and bytes between them."""

import asyncio
import socket
import struct
from collections.abc import Sequence

from .allowing import Allowed

_CHUNK = 65536
_SECONDS = 10.0
"""For a connection outside."""
_MOST = 1000
"""Connections of one place at once."""
_GRACE = 0.5
"""Seconds for what is left after the command."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Bridge:
    """Carries connections from the moment it is begun until `close`."""

    def __init__(self, allowed: Allowed, *, most: int = _MOST) -> None:
        """At most so many connections are open at once; further ones are reset."""
        self._allowed, self._most = allowed, most
        self._servers: list[asyncio.Server] = []
        self._carrying: set[asyncio.Task[None]] = set()
        self.error: str | None = None
        """Why the last connection that failed did."""

    async def begin(self, listeners: Sequence[socket.socket]) -> None:
        """Take connections from inside."""
        for one in listeners:
            self._servers.append(await asyncio.start_server(self._carry, sock=one))

    async def close(self) -> None:
        """End all connections."""
        for server in self._servers:
            server.close()
        if self._carrying:
            # What the command has sent at its end is still on its way.
            await asyncio.wait(self._carrying, timeout=_GRACE)
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._carrying) >= self._most:
            self.error = f"there are {self._most} connections already"
            _reset(writer)
            return
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        try:
            async with asyncio.timeout(_SECONDS):
                outside = await asyncio.open_connection(self._allowed.host, self._allowed.port)
        except (OSError, TimeoutError) as error:
            self.error = getattr(error, "strerror", None) or str(error) or "it takes too long"
            _reset(writer)
            return
        far_reader, far_writer = outside
        # Who is quiet may be so for hours; who is gone without a word is found out.
        far = far_writer.get_extra_info("socket")
        far.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        except OSError:
            # One end was reset, and so is the other.
            _reset(writer)
            _reset(far_writer)
        finally:
            writer.close()
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way, and then their end."""
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and not writer.transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()
