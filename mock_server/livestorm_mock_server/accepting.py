"""Taking the connections of clients, and letting them wait where file descriptors run out."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from functools import partial

from .descriptors import is_in_reserve, shortage

AT_ONCE = 128
"""Connections that are taken at once from a listener that no other process has."""
_PATIENCE = 0.1
"""Seconds between two tries while descriptors are lacking: nothing tells when one is free."""

log = logging.getLogger("livestorm_mock_server")


class Acceptor:
    """Takes connections from a listener until it is closed.

    asyncio logs a traceback each second in which there is no descriptor for one, and uvloop ends
    such connections in silence
    (https://github.com/libuv/libuv/blob/v1.x/src/unix/stream.c, `uv__emfile_trick`). `admit` does
    what a client comes for, or leads to what does.
    """

    def __init__(
        self,
        listener: socket.socket,
        admit: Callable[[socket.socket], Awaitable[None]],
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """`at_once` is how many are taken before those that are there have their turn."""
        self._at_once = at_once
        self._listener, self._admit = listener, admit
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(listener, self._accept)
        self._later: asyncio.TimerHandle | None = None
        self._coming: dict[asyncio.Task[None], socket.socket] = {}
        self._has_warned = False

    def close(self) -> list[asyncio.Task[None]]:
        """Take no more, and give what is cancelled; the listener itself stays open."""
        self._loop.remove_reader(self._listener)
        if self._later is not None:
            self._later.cancel()
        for task in self._coming:
            task.cancel()
        return list(self._coming)

    def coming(self) -> list[socket.socket]:
        """Give the clients that are not admitted yet."""
        return list(self._coming.values())

    def _accept(self) -> None:
        for _ in range(self._at_once):
            try:
                client, _ = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._wait(error)
                return
            client.setblocking(False)
            task = self._loop.create_task(self._connect(client))
            self._coming[task] = client
            task.add_done_callback(partial(self._end, client))
            if is_in_reserve(client.fileno()):
                self._wait(OSError(errno.EMFILE, os.strerror(errno.EMFILE)))
                return

    def _wait(self, error: OSError) -> None:
        """Leave clients in the listener's queue for a while."""
        if not self._has_warned:
            self._has_warned = True
            log.warning("new clients have to wait: %s", shortage(error) or error)
        self._loop.remove_reader(self._listener)
        self._later = self._loop.call_later(_PATIENCE, self._try_again)

    def _try_again(self) -> None:
        try:
            next_one = os.dup(self._listener.fileno())
            os.close(next_one)
            if not is_in_reserve(next_one):
                self._loop.add_reader(self._listener, self._accept)
                return
        except OSError:
            pass  # There is none yet.
        self._later = self._loop.call_later(_PATIENCE, self._try_again)

    async def _connect(self, client: socket.socket) -> None:
        await self._admit(client)

    def _end(self, client: socket.socket, task: asyncio.Task[None]) -> None:
        """Close what did not become a connection; a task that has not begun never gets so far."""
        self._coming.pop(task)
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or error is not None:
            # The server ends, or the client has left already.
            client.close()
        if error is not None and not isinstance(error, OSError):
            log.error("a client was not taken", exc_info=error)
