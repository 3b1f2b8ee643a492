"""A Redis server as a worker reaches it: in bounded time, and again when it comes back."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
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

    Nothing is tried twice: a script whose answer was lost may have run.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """`url` is `redis://HOST:PORT/NUMBER`, `rediss://` with TLS, or `unix://PATH`.

        Raises ValueError for any other.
        """
        self._patience = patience
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=patience,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
        )
        self._client = Redis.from_pool(pool)
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
        """Close all connections."""
        await self._client.aclose()

    async def _evaluate(self, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        given: Sequence[Any] = [*keys, *arguments]
        try:
            return await self._client.evalsha(DIGEST, len(keys), *given)
        except NoScriptError:
            return await self._client.eval(SCRIPT, len(keys), *given)

    def _note_failure(self, said: str) -> None:
        if not self._fails:
            log.error("the store does not answer, so clients get 503: %s", said)
        self._fails = True

    def _note_success(self) -> None:
        if self._fails:
            log.warning("the store answers again")
        self._fails = False


def _is_of_the_script(error: Exception) -> bool:
    return type(error) is ResponseError and not str(error).startswith(_UNAVAILABLE)
