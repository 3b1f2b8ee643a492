"""Serving the application: a uvicorn server that starts and stops within milliseconds."""

import asyncio
import logging
import socket

import uvicorn

from .app import App
from .clock import read_steady
from .limits import DEFAULT_LIMITS, Limits
from .loopback import Loopback
from .protocol import Protocol, ServerState

try:
    import uvloop as event_loops
except ImportError:
    event_loops = asyncio  # type: ignore[misc]

log = logging.getLogger("livestorm_mock_server")


class Server(uvicorn.Server):
    """A server on a bound socket; `stop` ends it from its own loop.

    uvicorn looks for its end every 100 ms and waits as long again before it closes
    (https://github.com/encode/uvicorn/issues/1233); here an event does it.
    """

    def __init__(self, app: App, *, grace: float = 0.0, limits: Limits = DEFAULT_LIMITS) -> None:
        config = uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self.server_state: ServerState = ServerState(app.note_refusal, limits)
        self._app = app
        self._stopping = asyncio.Event()
        self._grace = grace

    async def run_on(self, *listeners: socket.socket) -> None:
        """Serve until `stop`; then wait `grace` seconds for requests in flight."""
        # What `uvicorn.Server.serve` does, which would also take the signals and poll for its end.
        # https://github.com/encode/uvicorn/blob/master/uvicorn/server.py
        self._app.sandboxes.loopback = Loopback(self.config, self.server_state)
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=list(listeners))
        self.server_state.default_headers = []
        await self._stopping.wait()
        await self.shutdown(sockets=list(listeners))

    def stop(self) -> None:
        """Ask the server to end."""
        self._stopping.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the listener, let running requests end within the grace, drop the rest."""
        self._app.sandboxes.close_all()
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self._grace and self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=self._grace)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop, uvloop's where it is installed.

    Its time passes also where a test makes the process's stand still, as uvloop's does anyway.
    """
    loop = event_loops.new_event_loop()
    if event_loops is asyncio:
        # https://github.com/python/cpython/blob/main/Lib/asyncio/base_events.py
        loop.time = read_steady  # type: ignore[method-assign]  # asyncio has no other way
    return loop
