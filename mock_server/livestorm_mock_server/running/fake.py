"""The fake that `run` serves, in its own process and on one event loop."""

import socket
from dataclasses import dataclass, field
from pathlib import Path

from ..app import App
from ..audit.finding import Finding
from ..description import describe_as_json
from ..listeners import Listeners
from ..sandboxes import Sandboxes
from ..server import Server


@dataclass(kw_only=True, slots=True)
class ServedFake:
    """A fake from the moment that it takes clients."""

    sandboxes: Sandboxes
    server: Server
    folder: Path
    port: int
    other_port: int
    ca_pem: str
    acceptors: list = field(default_factory=list)

    @classmethod
    async def begin(cls, app: App, listeners: Listeners, folder: Path) -> "ServedFake":
        """Take clients from its own two listeners."""
        server = Server(app)
        await server.begin_on(*listeners.sockets)
        return cls(
            sandboxes=app.sandboxes,
            server=server,
            folder=folder,
            port=listeners.port,
            other_port=listeners.addresses.other_port or 0,
            ca_pem="",
        )

    async def open(self, listener: socket.socket, *, tls: bool) -> None:
        """Take clients from a listening socket, from any network namespace."""
        from ..accepting import accept_from
        self.acceptors.append(await accept_from(listener, self.server._make_protocol))

    async def describe(self) -> dict[str, object]:
        """Give what `serve --json` prints."""
        return await describe_as_json(self.sandboxes.default)

    async def findings(self) -> list[Finding]:
        """Judge what was sent, to all sandboxes."""
        from ..audit.audit import audit

        return [finding for one in self.sandboxes for finding in await audit(one)]

    async def end(self) -> None:
        """Let go of all clients."""
        self.server.stop()
        await self.server.run_to_end()
