"""One connection to a Redis process, on which commands follow each other without a wait."""

import asyncio
import ssl
from collections import deque
from functools import partial
from typing import Any, cast

import hiredis
from redis.asyncio.connection import AbstractConnection

from .script import Argument


class Line(asyncio.Protocol):
    """A connection that many use at once: the answers come in the order of the commands.

    What is asked for within one turn of the event loop is sent as one piece. redis-py has a
    connection for each command that is under way, and takes several times as long for one.
    """

    def __init__(self, patience: float) -> None:
        """`patience` is how many seconds an answer may take; then the connection ends.

        What is still to come would come late, and be waited for by more and more.
        """
        self._patience = patience
        self._reader = hiredis.Reader()
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        """Since when who waits, in the loop's seconds."""
        self._watch: asyncio.TimerHandle | None = None
        self._unsent: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self.is_over = False

    def ask(self, *command: Argument) -> asyncio.Future[Any]:
        """Send a command; give what will have its answer, an `hiredis.ReplyError` for an error.

        It has an OSError where the connection ends before, which is a TimeoutError where nothing
        comes.
        """
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((self._loop.time(), answer))
        if self._watch is None:
            self._watch = self._loop.call_later(self._patience, self._look)
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent.append(hiredis.pack_command(command))  # type: ignore[arg-type]  # of any of these
        return answer

    def abort(self, error: OSError | None = None) -> None:
        """End the connection: whoever waits is told, and no answer comes any more."""
        if self._transport is not None:
            self._transport.abort()
        self.connection_lost(error)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its type.

    def data_received(self, data: bytes) -> None:
        """Give the answers to those who wait; who waits no more has none."""
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                _, answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(reply)
        except hiredis.HiredisError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait."""
        self.is_over = True
        if self._watch is not None:
            self._watch.cancel()
        lost = OSError("the connection was lost")
        while self._waiting:
            _, answer = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(TimeoutError() if isinstance(exc, TimeoutError) else lost)

    def _look(self) -> None:
        """See whether an answer is overdue; one watch for all is cheaper than one for each."""
        self._watch = None
        if not self._waiting:
            return
        left = self._waiting[0][0] + self._patience - self._loop.time()
        if left <= 0:
            self.abort(TimeoutError())
        else:
            self._watch = self._loop.call_later(left, self._look)

    def _send(self) -> None:
        unsent, self._unsent = b"".join(self._unsent), []
        if self._transport is not None and not self.is_over:
            self._transport.write(unsent)


async def open_line(how: AbstractConnection, patience: float) -> Line:
    """Connect as a connection of redis-py would. Raises OSError."""
    loop = asyncio.get_running_loop()
    path, make = getattr(how, "path", None), partial(Line, patience)
    async with asyncio.timeout(patience):
        if path is not None:
            _, line = await loop.create_unix_connection(make, path)
        else:
            host, port = how.host, how.port  # type: ignore[attr-defined]
            _, line = await loop.create_connection(make, host, port, ssl=_tls(how))
    try:
        for command in _opening(how):
            reply = await line.ask(*command)
            if isinstance(reply, hiredis.ReplyError):
                raise OSError(str(reply))
    except BaseException:
        line.abort()
        raise
    return line


def _tls(how: AbstractConnection) -> ssl.SSLContext | None:
    given = getattr(how, "ssl_context", None)
    context: ssl.SSLContext | None = None if given is None else given.get()
    return context


def _opening(how: AbstractConnection) -> list[tuple[Argument, ...]]:
    """Give the commands with which a connection begins."""
    commands: list[tuple[Argument, ...]] = []
    if how.password is not None:
        names = () if how.username is None else (how.username,)
        commands.append(("AUTH", *names, how.password))
    if how.db:
        commands.append(("SELECT", how.db))
    return commands
