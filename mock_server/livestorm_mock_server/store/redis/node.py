"""One Redis process, and the scripts that it runs."""

import asyncio
from collections.abc import Sequence
from typing import Any

import hiredis
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import AskError, MovedError, ResponseError

from .line import Line, open_line
from .script import Argument, Script

_KINDS = {"ASK": AskError, "MOVED": MovedError}


class RefusedError(Exception):
    """The process runs no script as things are: it is full, or loads, or wants a password."""


class Node:
    """A Redis process at a URL, over one connection."""

    def __init__(self, url: str, *, patience: float) -> None:
        """`patience` is how many seconds a connection may take. Raises ValueError for the URL."""
        self._patience = patience
        self._pool = ConnectionPool.from_url(url, socket_connect_timeout=patience)
        self._line: Line | None = None
        self._opening = asyncio.Lock()

    def make_connection(self) -> AbstractConnection:
        """Make a connection of redis-py's, which is opened once it is used."""
        made: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        return made

    async def evaluate(
        self, script: Script, given: Sequence[Argument], *, is_asking: bool = False
    ) -> Any:
        """Run a script; `is_asking` is for a node that is about to have the keys.

        Raises ResponseError for what is wrong with the script, AskError and MovedError where
        another node has the keys, RefusedError, OSError.
        """
        line = await self._open()
        reply = await _ask(line, is_asking, "EVALSHA", script.digest, *given)
        if isinstance(reply, hiredis.ReplyError) and str(reply).startswith("NOSCRIPT"):
            reply = await _ask(line, is_asking, "EVAL", script.text, *given)
        if isinstance(reply, hiredis.ReplyError):
            raise _error(str(reply))
        return reply

    def close(self) -> None:
        """End the connection."""
        if self._line is not None:
            self._line.abort()

    async def _open(self) -> Line:
        if self._line is None or self._line.is_over:
            async with self._opening:
                if self._line is None or self._line.is_over:
                    self._line = await open_line(self.make_connection(), self._patience)
        return self._line


def _ask(line: Line, is_asking: bool, *command: Argument) -> asyncio.Future[Any]:
    if is_asking:
        line.ask("ASKING")
    return line.ask(*command)


def _error(text: str) -> Exception:
    code, _, rest = text.partition(" ")
    if code in _KINDS:
        return _KINDS[code](rest)
    if code in ("ERR", "WRONGTYPE") and not rest.startswith("max number of clients"):
        return ResponseError(text)
    return RefusedError(text)
