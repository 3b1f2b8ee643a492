"""The way of a client from an accepted socket to HTTP: at once, or by a TLS handshake."""

import asyncio
import socket
import ssl
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

from .connection import reset_on_close
from .doors import BOUND_TO, OF_LIVESTORM, Door
from .limits import Limits
from .protocol import Protocol
from .real_hosts import is_real, name_of
from .tls.contexts import ServingContext
from .tls.failures import RESET, reason_of
from .tls.handshake import Handshake
from .tls.hello import peek_server_name, speaks_tls

_HANDSHAKE = 60.0
"""Seconds that a handshake may take where requests have no limit; one of its own is bounded."""
_GOODBYE = 30.0
"""Seconds in which a client has to take the rest of what it is sent, and to end TLS as well."""


class BeginHandshake(typing.Protocol):
    """Tells of a TLS handshake what strikes it."""

    async def __call__(
        self, server_name: str | None, /, *, port: int, bound_to: str | None, can_be_struck: bool
    ) -> Handshake: ...


class Admission:
    """Lets the clients of a door in; `make` makes what speaks HTTP with one, given its state."""

    def __init__(
        self,
        door: Door,
        make: Callable[[dict[str, Any]], Protocol],
        begin_handshake: BeginHandshake,
        limits: Limits,
    ) -> None:
        self.state: dict[str, Any] = {BOUND_TO: door.sandbox_id, OF_LIVESTORM: False}
        """What the application finds in the scope of each request."""
        self._state_of_livestorm = {**self.state, OF_LIVESTORM: True}
        self._door, self._make, self._begin, self._limits = door, make, begin_handshake, limits

    def protocol(
        self, handshake: Handshake | None = None, *, of_livestorm: bool = False
    ) -> Protocol:
        """Make what speaks HTTP with a client."""
        made = self._make(self._state_of_livestorm if of_livestorm else self.state)
        made.handshake = handshake
        return made

    def has(self, protocol: Protocol) -> bool:
        """Tell whether a client came by this door."""
        return any(protocol.app_state is one for one in (self.state, self._state_of_livestorm))

    async def admit(self, client: socket.socket, *, of_livestorm: bool = False) -> None:
        """Have a client speak HTTP, or end its connection.

        One that asks for Livestorm's hosts, by a proxy or in TLS, has nothing else from then on.
        """
        of_livestorm = of_livestorm or self._door.of_livestorm
        tls = self._door.tls
        if tls is not None:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    is_secure = await speaks_tls(client)
            except (TimeoutError, EOFError):
                client.close()
                return
            if is_secure:
                await self._secure(client, tls, of_livestorm)
                return
        await asyncio.get_running_loop().connect_accepted_socket(
            partial(self.protocol, of_livestorm=of_livestorm), client
        )

    async def forward(self, client: socket.socket, scheme: str, head: bytes) -> None:
        """Have a client speak HTTP of which a proxy has read the head, to a URL of that scheme.

        The URL is one of Livestorm's hosts.
        """

        def make() -> Protocol:
            made = self.protocol(of_livestorm=True)
            made.forwarded = (scheme, head)
            return made

        await asyncio.get_running_loop().connect_accepted_socket(make, client)

    async def _secure(self, client: socket.socket, tls: ssl.SSLContext, of_livestorm: bool) -> None:
        """Shake hands, as far as no fault forbids it; note what it fails by."""
        handshake, server_name = None, None
        port = client.getsockname()[1]
        try:
            async with asyncio.timeout(self._limits.seconds or _HANDSHAKE):
                server_name = await peek_server_name(client)
            handshake = await self._begin_handshake(server_name, port, self._door.can_be_flawed)
            await asyncio.sleep(handshake.delay)
            if handshake.is_reset:
                reset_on_close(client)
                client.close()
                handshake.fail(RESET)
            else:
                of_livestorm = of_livestorm or is_real(name_of(server_name or ""))
                make = partial(self.protocol, handshake, of_livestorm=of_livestorm)
                await self._shake_hands(client, tls, handshake, make)
        except OSError as error:
            client.close()
            failed = handshake or await self._begin_handshake(server_name, port, False)
            failed.fail(reason_of(error, server_name))

    async def _begin_handshake(
        self, server_name: str | None, port: int, can_be_struck: bool
    ) -> Handshake:
        bound_to = self._door.sandbox_id
        return await self._begin(
            server_name, port=port, bound_to=bound_to, can_be_struck=can_be_struck
        )

    async def _shake_hands(
        self,
        client: socket.socket,
        tls: ssl.SSLContext,
        handshake: Handshake,
        make: Callable[[], Protocol],
    ) -> None:
        if isinstance(tls, ServingContext):
            tls.freshen()
            if handshake.flaw is not None and tls.flawed:
                tls = tls.flawed(handshake.flaw)
        await asyncio.get_running_loop().connect_accepted_socket(
            make,
            client,
            ssl=tls,
            ssl_handshake_timeout=min(self._limits.seconds or _HANDSHAKE, _HANDSHAKE),
            ssl_shutdown_timeout=_GOODBYE,
        )
