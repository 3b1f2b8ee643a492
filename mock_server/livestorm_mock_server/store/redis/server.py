"""A Redis server as a worker reaches it: in bounded time, and again when it comes back."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

from ..protocol import StoreUnavailableError
from .script import DIGEST, SCRIPT, Argument

log = logging.getLogger("livestorm_mock_server")

PATIENCE = 1.0
"""Seconds that an operation may take, the wait for a connection included."""
CONNECTIONS = 16

_UNAVAILABLE = ("BUSY ", "CLUSTERDOWN ", "MASTERDOWN ", "MISCONF ", "NOREPLICAS ", "TRYAGAIN ")
"""How errors begin that say nothing against the script, as those with a class of their own do."""


class RedisServer:
    """A `Server` over connections that are kept.

    Nothing is tried twice: a script whose answer was lost may have run. The connections are
    redis-py's; its client is not used, as it takes more than twice as long.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`url` is `redis://HOST:PORT/NUMBER`, `rediss://` with TLS, or `unix://PATH`.

        Raises ValueError for any other.
        """
        self._patience = patience
        self._pool = ConnectionPool.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
        )
        make = self._pool.make_connection
        self._idle = [make() for _ in range(CONNECTIONS)]  # type: ignore[no-untyped-call]
        """The newest in use is last, so that no more are opened than are needed at once."""
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._fails = False

    async def run(self, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run the script, see `Server`."""
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._evaluate(keys, arguments)
        except (RedisError, OSError) as error:
            if _is_of_the_script(error):
                raise
            said = " ".join(str(error).split()) or f"nothing within {self._patience:g} s"
            self._note_failure(said)
            raise StoreUnavailableError(f"the store does not answer: {said}") from error
        self._note_success()
        return answer

    async def close(self) -> None:
        """Close all connections that are not in use."""
        for connection in self._idle:
            await connection.disconnect()

    async def _evaluate(self, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        given = (len(keys), *keys, *arguments)
        async with self._free:
            connection = self._idle.pop()
            try:
                await self._pool.ensure_connection(connection)
                try:
                    return await _ask(connection, "EVALSHA", DIGEST, *given)
                except NoScriptError:
                    return await _ask(connection, "EVAL", SCRIPT, *given)
            except ResponseError:
                raise
            except BaseException:
                # An answer that is still to come must not be taken for the next one's.
                await connection.disconnect(nowait=True)
                raise
            finally:
                self._idle.append(connection)

    def _note_failure(self, said: str) -> None:
        if not self._fails:
            log.error("the store does not answer, so clients get 503: %s", said)
        self._fails = True

    def _note_success(self) -> None:
        if self._fails:
            log.warning("the store answers again")
        self._fails = False


async def _ask(connection: AbstractConnection, *command: Argument) -> Any:
    await connection.send_command(*command, check_health=False)
    return await connection.read_response()


def _is_of_the_script(error: Exception) -> bool:
    return type(error) is ResponseError and not str(error).startswith(_UNAVAILABLE)
