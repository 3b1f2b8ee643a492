"""The way of a client from an accepted socket to HTTP: at once, or by a TLS handshake."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

from .doors import BOUND_TO, Door
from .limits import LINGER
from .protocol import Protocol, ServerState
from .refusal import handshake_refusal
from .tls.failures import reason_of
from .tls.hello import peek_server_name, speaks_tls

_HANDSHAKE = 60.0
"""Seconds that a handshake may take where requests have no limit; one of its own is bounded."""

log = logging.getLogger("livestorm_mock_server")


class Admission:
    """Lets the clients of a door in; `make` makes what speaks HTTP with one, given its state."""

    def __init__(
        self, door: Door, server_state: ServerState, make: Callable[[dict[str, Any]], Protocol]
    ) -> None:
        self.door = door
        self.state: dict[str, Any] = {BOUND_TO: door.sandbox_id}
        """What the application finds in the scope of each request."""
        self._server_state, self._make = server_state, make

    def protocol(self) -> Protocol:
        """Make what speaks HTTP with a client."""
        return self._make(self.state)

    async def admit(self, client: socket.socket) -> None:
        """Have a client speak HTTP, or end its connection; a failed handshake is noted."""
        if self.door.tls is None:
            await self._connect(client)
            return
        try:
            async with asyncio.timeout(self._server_state.limits.seconds):
                is_secure = await speaks_tls(client)
        except (TimeoutError, EOFError):
            client.close()
            return
        if is_secure:
            await self._shake_hands(client)
        else:
            await self._connect(client)

    async def _connect(self, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(self.protocol, client)

    async def _shake_hands(self, client: socket.socket) -> None:
        port, server_name = client.getsockname()[1], None
        try:
            async with asyncio.timeout(self._server_state.limits.seconds or _HANDSHAKE):
                server_name = await peek_server_name(client)
                await asyncio.get_running_loop().connect_accepted_socket(
                    self.protocol,
                    client,
                    ssl=self.door.tls,
                    ssl_handshake_timeout=_HANDSHAKE,
                    ssl_shutdown_timeout=LINGER,
                )
        except OSError as error:
            client.close()
            self._note(reason_of(error, server_name), port)

    def _note(self, reason: str, port: int) -> None:
        log.warning("no request came: %s", reason)
        self._server_state.note_refusal(handshake_refusal(reason, port=port, state=self.state))
