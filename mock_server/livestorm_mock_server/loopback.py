"""Connections to the server from within: its whole HTTP, without a socket."""

import asyncio

import uvicorn

from .connection import Connection
from .doors import BOUND_TO
from .protocol import Protocol
from .server_state import ServerState

VISITOR = "livestorm_mock.visitor"
"""The key of the scope's state under which the application finds who opened the connection."""

# What a short cut waits for at most, in seconds of real time, and takes at most, in bytes.
_PATIENCE = 30.0
_MOST_TAKEN = 1024 * 1024


class VisitorProtocol(Protocol):
    """A connection that does not count among those of clients."""

    def take_number(self) -> None:
        """Give no number."""


class Loopback:
    """The way to a server from within itself."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        *,
        protocol: type[VisitorProtocol] = VisitorProtocol,
    ) -> None:
        self._config = config
        self._server_state = server_state
        self._protocol = protocol

    async def send(
        self,
        request: bytes,
        *,
        port: int | None,
        is_secure: bool,
        visitor: object,
        bound_to: str | None = None,
    ) -> tuple[Connection, bytes]:
        """Send a request on a connection of its own; give it, and what came until its end.

        The application finds the `visitor` in the scope. `port` is where a client would have
        connected, `is_secure` whether by an https URL, `bound_to` the sandbox to which the door
        leads. The request has to say that the connection ends with it.
        """
        state = {VISITOR: visitor, BOUND_TO: bound_to}
        protocol = self._protocol(self._config, self._server_state, state)
        transport = _Transport(protocol, port=port, is_secure=is_secure)
        protocol.connection_made(transport)
        try:
            protocol.data_received(request)
            async with asyncio.timeout(_PATIENCE):
                await transport.ended.wait()
        except TimeoutError:
            pass
        finally:
            transport.abort()
        return protocol.connection, bytes(transport.taken)


class _Transport(asyncio.Transport):
    """Keeps what is written, until an end of the connection, of whatever kind."""

    def __init__(self, protocol: Protocol, *, port: int | None, is_secure: bool) -> None:
        super().__init__({"sslcontext": is_secure, "sockname": ("127.0.0.1", port or 0)})
        self.taken = bytearray()
        self.ended = asyncio.Event()
        self._protocol = protocol
        self._is_closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take what is sent, up to the limit."""
        if not self._is_closing:
            self.taken += data[: _MOST_TAKEN - len(self.taken)]
        if len(self.taken) == _MOST_TAKEN:
            self.close()

    def close(self) -> None:
        """End the connection, as the client sees it at once."""
        if not self._is_closing:
            self._is_closing = True
            self.ended.set()
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        """End the connection."""
        self.close()

    def can_write_eof(self) -> bool:
        """Tell that a connection can't be ended in one direction only."""
        return False

    def is_closing(self) -> bool:
        """Tell whether it is at its end."""
        return self._is_closing

    def get_write_buffer_size(self) -> int:
        """Give 0: what is written is taken."""
        return 0

    def pause_reading(self) -> None:
        """Go on: the whole request has been sent."""

    def resume_reading(self) -> None:
        """Go on."""
