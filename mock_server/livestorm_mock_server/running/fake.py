"""The fake that `run` serves, in its own process and on one event loop."""

import asyncio
import select
import socket
import ssl
from pathlib import Path
from typing import Self

from msgspec import Struct

from ..app import App
from ..audit.finding import Finding
from ..description import describe_as_json
from ..doors import Door, Proxying
from ..listeners import Listeners
from ..sandboxes import Sandboxes
from ..server import Server
from .certificates import Certificates

_MOMENT = 0.2
_STEP = 0.002
"""Seconds: what has been sent is there at once, but who stays connected is not waited for."""


class ServedFake(Struct, frozen=True, kw_only=True):
    """A fake from the moment that it takes clients."""

    sandboxes: Sandboxes
    server: Server
    folder: Path
    port: int
    other_port: int
    ca_pem: str
    tls: ssl.SSLContext
    listeners: list[socket.socket]

    @classmethod
    async def begin(
        cls, app: App, listeners: Listeners, folder: Path, certificates: Certificates
    ) -> Self:
        """Take clients from its own two listeners, with TLS or without it."""
        server = Server(app)
        await server.begin_on(*(Door(one, certificates.context) for one in listeners.sockets))
        (folder / "ca.pem").write_text(certificates.ca_pem, "ascii")
        return cls(
            sandboxes=app.sandboxes,
            server=server,
            folder=folder,
            port=listeners.port,
            other_port=listeners.addresses.other_port or 0,
            ca_pem=certificates.ca_pem,
            tls=certificates.context,
            listeners=list(listeners.sockets),
        )

    async def open(
        self,
        listener: socket.socket,
        *,
        tls: bool,
        proxying: Proxying | None = None,
        of_livestorm: bool = False,
    ) -> None:
        """Take clients from a listening socket, from any network namespace."""
        self.listeners.append(listener)
        tls_context = self.tls if tls else None
        await self.server.open_door(
            Door(listener, tls_context, proxying=proxying, of_livestorm=of_livestorm)
        )

    async def describe(self) -> dict[str, object]:
        """Give what `serve --json` prints."""
        described = await describe_as_json(self.sandboxes.default)
        return {**described, "ca_file": str(self.folder / "ca.pem")}

    async def settle(self) -> None:
        """Take in what clients have sent before their end, for a moment."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _MOMENT
        while self._is_busy() and loop.time() < until:
            await asyncio.sleep(_STEP)

    def _is_busy(self) -> bool:
        """Tell whether somebody waits to be let in, or is in."""
        waiting = select.poll()
        for one in self.listeners:
            waiting.register(one, select.POLLIN)
        return bool(waiting.poll(0)) or len(self.server.sockets()) > len(self.listeners)

    async def findings(self) -> list[Finding]:
        """Judge what was sent, to all sandboxes."""
        from ..audit.audit import audit

        return [finding for one in self.sandboxes for finding in await audit(one)]

    async def end(self) -> None:
        """Let go of all clients."""
        self.server.stop()
        await self.server.run_to_end()
