"""Serving the application: a uvicorn server that starts and stops within milliseconds."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from .accepting import accept_from
from .app import App
from .clock import read_steady
from .descriptors import check_descriptors
from .limits import DEFAULT_LIMITS, Limits
from .loopback import Loopback
from .protocol import Protocol, ServerState

try:
    import uvloop as event_loops
except ImportError:
    event_loops = asyncio  # type: ignore[misc]

_QUIET = 0.2
"""Seconds of the grace that nothing is told of: most requests need less."""


class Server(uvicorn.Server):
    """A server on bound sockets: `begin_on`, then `run_to_end`; `stop` ends it from its own loop.

    uvicorn looks for its end every 100 ms and waits as long again before it closes
    (https://github.com/encode/uvicorn/issues/1233); here an event does it.
    """

    def __init__(
        self,
        app: App,
        *,
        grace: float = 0.0,
        tell: Callable[[int], object] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        """`grace` is how many seconds requests in flight have at the end.

        `tell` is called with their number where they are waited for.
        """
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
        self._grace, self._tell = grace, tell

    async def begin_on(self, *listeners: socket.socket) -> None:
        """Begin to serve."""
        self._listeners = listeners
        # What `uvicorn.Server.serve` does, which would also take the signals and poll for its end.
        # https://github.com/encode/uvicorn/blob/master/uvicorn/server.py
        self._app.sandboxes.loopback = Loopback(self.config, self.server_state)
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=list(listeners))
        self.server_state.default_headers = []

    async def run_to_end(self) -> None:
        """Serve until `stop`; then wait for requests in flight within the grace."""
        await self._stopping.wait()
        await self.shutdown(sockets=list(self._listeners))

    def stop(self) -> None:
        """Ask the server to end; asked again, it grants no more grace."""
        if self._stopping.is_set():
            self._drop_requests()
        self._stopping.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections."""
        self._acceptors = [await accept_from(one, self._make_protocol) for one in sockets or []]
        self.started = True

    def _make_protocol(self) -> Protocol:
        return Protocol(self.config, self.server_state, self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the listener, let running requests end within the grace, drop the rest."""
        self._app.sandboxes.close_all()
        for acceptor in self._acceptors:
            acceptor.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self._grace:
            await self._let_requests_end()
        self._drop_requests()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)

    async def _let_requests_end(self) -> None:
        """Wait until their answers are sent and their connections closed, within the grace."""
        ends = [
            asyncio.ensure_future(one.connection.gone.wait())
            for one in self.server_state.connections
            if isinstance(one, Protocol) and _is_busy(one.transport)
        ]
        if not ends:
            return
        _, unfinished = await asyncio.wait(ends, timeout=min(_QUIET, self._grace))
        if unfinished:
            if self._tell is not None:
                self._tell(len(unfinished))
            await asyncio.wait(ends, timeout=self._grace - _QUIET)
        for end in ends:
            end.cancel()

    def _drop_requests(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()


def _is_busy(transport: asyncio.Transport) -> bool:
    """Tell whether an answer is to come, or to be sent, after the connection was asked to end."""
    return not transport.is_closing() or transport.get_write_buffer_size() > 0


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop, uvloop's where it is installed.

    Its time passes also where a test makes the process's stand still, as uvloop's does anyway.
    Raises OSError where file descriptors are lacking.
    """
    check_descriptors()
    loop = event_loops.new_event_loop()
    if event_loops is asyncio:
        # https://github.com/python/cpython/blob/main/Lib/asyncio/base_events.py
        loop.time = read_steady  # type: ignore[method-assign]  # asyncio has no other way
    return loop
