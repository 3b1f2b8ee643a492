"""One Redis process, over connections that are kept."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError

from .script import Argument, Script

CONNECTIONS = 16


class Node:
    """A Redis process at a URL.

    The connections are redis-py's; its client is not used, as it takes more than twice as long.
    """

    def __init__(self, url: str, *, patience: float) -> None:
        """`patience` is how many seconds a connection may take. Raises ValueError for the URL."""
        self.url = url
        # A time limit of its own for each command would be a task for each: `run` has one for all.
        self._pool = ConnectionPool.from_url(
            url, socket_timeout=None, socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0)
        )
        self._idle = [self.make_connection() for _ in range(CONNECTIONS)]
        """The newest in use is last, so that no more are opened than are needed at once."""
        self._free = asyncio.Semaphore(CONNECTIONS)

    def make_connection(self) -> AbstractConnection:
        """Make a connection, which is opened once it is used."""
        made: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        return made

    async def evaluate(
        self, script: Script, given: Sequence[Argument], *, is_asking: bool = False
    ) -> Any:
        """Run a script; `is_asking` is for a node that is about to have the keys."""
        async with self._free:
            connection = self._idle.pop()
            try:
                await self._pool.ensure_connection(connection)
                if is_asking:
                    await ask(connection, "ASKING")
                try:
                    return await ask(connection, "EVALSHA", script.digest, *given)
                except NoScriptError:
                    return await ask(connection, "EVAL", script.text, *given)
            except ResponseError:
                raise
            except BaseException:
                # An answer that is still to come must not be taken for the next one's.
                await connection.disconnect(nowait=True)
                raise
            finally:
                self._idle.append(connection)

    async def close(self) -> None:
        """Close all connections that are not in use."""
        for connection in self._idle:
            await connection.disconnect()


async def ask(connection: AbstractConnection, *command: Argument) -> Any:
    """Send a command and give its answer."""
    await connection.send_command(*command, check_health=False)
    return await connection.read_response()
