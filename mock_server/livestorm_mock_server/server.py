"""Serving the application: a uvicorn server that starts and stops within milliseconds."""

import asyncio
import secrets
import select
import socket
from collections.abc import Callable, Collection, Coroutine
from typing import Any

import msgspec
import uvicorn

from .accepting import AT_ONCE, Acceptor
from .admission import Admission
from .app import App
from .clock import read_steady
from .descriptors import check_descriptors
from .doors import Door
from .limits import DEFAULT_LIMITS, Limits
from .loopback import Loopback
from .protocol import Protocol
from .server_state import ServerState

try:
    import uvloop as event_loops
except ImportError:
    event_loops = asyncio  # type: ignore[misc]

_QUIET = 0.2
"""Seconds of the grace that nothing is told of: most requests need less."""


class _Entry(msgspec.Struct, frozen=True):
    """An open door: what takes clients there, and what lets them in."""

    acceptor: Acceptor | asyncio.Server
    admission: Admission


class Server(uvicorn.Server):
    """A server with doors: `begin_on`, then `run_to_end`; `stop` ends it from its own loop.

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
        is_alone: bool = True,
    ) -> None:
        """`grace` is how many seconds requests in flight have at the end.

        `tell` is called with their number where they are waited for. One that is not alone has its
        listeners and its journals with other processes.
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
        self.server_state: ServerState = ServerState(app.note_refusal, limits, app.answer_whole)
        if not is_alone:
            # Numbers of connections are told apart across processes, and read as numbers by any.
            self.server_state.connection_count = secrets.randbits(20) << 32
        self._at_once = AT_ONCE if is_alone else 1
        self._app = app
        self._stopping = asyncio.Event()
        self._grace, self._tell = grace, tell
        self._entries: dict[Door, _Entry] = {}

    async def begin_on(self, *doors: Door) -> None:
        """Begin to serve."""
        # What `uvicorn.Server.serve` does, which would also take the signals and poll for its end.
        # https://github.com/encode/uvicorn/blob/master/uvicorn/server.py
        self._app.sandboxes.loopback = Loopback(self.config, self.server_state)
        self._app.sandboxes.default.doors.close = self.close_door
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        for door in doors:
            await self.open_door(door)
        self.started = True
        self.server_state.default_headers = []

    async def open_door(self, door: Door) -> None:
        """Let clients in by a door, from now on. Raises OSError on Windows, but for plain HTTP."""
        admission = Admission(
            door, self._make_protocol, self._app.begin_handshake, self.server_state.limits
        )
        door.listener.setblocking(False)
        admit: Callable[[socket.socket], Coroutine[Any, Any, None]] = admission.admit
        if door.proxying is not None:
            from .proxy.proxy import Proxy

            admit = Proxy(door.proxying, admission, self.server_state).admit
        try:
            acceptor: Acceptor | asyncio.Server = Acceptor(
                door.listener, admit, at_once=self._at_once
            )
        except NotImplementedError:
            # https://docs.python.org/3/library/asyncio-platforms.html#windows
            if door.tls is not None or door.proxying is not None:
                raise OSError(
                    "TLS and proxies need a system whose event loop can watch sockets"
                ) from None
            loop = asyncio.get_running_loop()
            acceptor = await loop.create_server(admission.protocol, sock=door.listener)
        self._entries[door] = _Entry(acceptor, admission)
        self._app.sandboxes.default.doors.add(door)

    def close_door(self, door: Door) -> None:
        """Let nobody in by a door any more; who came by it is answered, and has to go then."""
        entry = self._entries.pop(door, None)
        if entry is None:
            return  # It was closed with its sandbox.
        self._app.sandboxes.default.doors.discard(door)
        for task in entry.acceptor.close() or ():
            self.server_state.tasks.add(task)  # The end of the server waits for them.
            task.add_done_callback(self.server_state.tasks.discard)
        door.listener.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Protocol) and entry.admission.has(connection):
                connection.shutdown()

    def sockets(self) -> list[socket.socket]:
        """Give all sockets that there are: those of doors and those of clients."""
        found = [door.listener for door in self._entries]
        for entry in self._entries.values():
            if isinstance(entry.acceptor, Acceptor):
                found += entry.acceptor.coming()
        transports = [one.transport for one in self.server_state.connections]
        of_clients = [one.get_extra_info("socket") for one in transports if not one.is_closing()]
        return [*found, *(one for one in of_clients if one is not None)]

    async def run_to_end(self) -> None:
        """Serve until `stop`; then wait for requests in flight within the grace."""
        await self._stopping.wait()
        await self.shutdown()

    def stop(self) -> None:
        """Ask the server to end; asked again, it grants no more grace."""
        if self._stopping.is_set():
            self._drop_requests()
        self._stopping.set()

    def _make_protocol(self, state: dict[str, Any]) -> Protocol:
        return Protocol(self.config, self.server_state, state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the doors, let running requests end within the grace, drop the rest."""
        del sockets  # uvicorn's; the doors have them.
        self._app.sandboxes.close_all()
        stuck = {one for one in self.server_state.connections if _is_stuck(one.transport)}
        for door in list(self._entries):
            self.close_door(door)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self._grace:
            await self._let_requests_end(stuck)
        self._drop_requests()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)

    async def _let_requests_end(self, stuck: Collection[object]) -> None:
        """Wait until their answers are sent and their connections closed, within the grace."""
        ends = [
            asyncio.ensure_future(one.connection.gone.wait())
            for one in self.server_state.connections
            if isinstance(one, Protocol) and (one in stuck or _is_busy(one.transport))
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


def _is_stuck(transport: asyncio.Transport) -> bool:
    """Tell whether the system takes no more of an answer at the moment.

    With TLS, asyncio's transport does not tell what is still to be sent.
    """
    connection = transport.get_extra_info("socket")
    is_secure = transport.get_extra_info("sslcontext") is not None
    if connection is None or not is_secure or connection.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLOUT)
    return not poll.poll(0)


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
