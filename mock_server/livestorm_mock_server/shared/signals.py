"""What other workers have done, told to those of this one who wait for it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

_PATIENCE = 0.2
"""Seconds between two tries to reach the server."""
UNHEARD = 1.0
"""Seconds after which who waits looks anyway: what is told while nobody is connected is lost."""


class Signals:
    """One connection that listens to the channels for which somebody waits."""

    def __init__(self, make_connection: Callable[[], AbstractConnection]) -> None:
        self._make_connection = make_connection
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._connection: AbstractConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def hearing(self, channel: str) -> AsyncGenerator[asyncio.Event]:
        """Give what is set whenever something is told on a channel."""
        heard = asyncio.Event()
        waiting = self._waiting.setdefault(channel, set())
        waiting.add(heard)
        try:
            if len(waiting) == 1:
                await self._send("SUBSCRIBE", channel)
            if self._listening is None:
                self._listening = asyncio.create_task(self._listen())
            yield heard
        finally:
            waiting.discard(heard)
            if not waiting and self._waiting.get(channel) is waiting:
                del self._waiting[channel]
                await self._send("UNSUBSCRIBE", channel)

    def wake(self, channel: str) -> None:
        """Wake those of this worker who wait."""
        for heard in self._waiting.get(channel, ()):
            heard.set()

    async def close(self) -> None:
        """Listen no longer."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _send(self, command: str, channel: str) -> None:
        if self._connection is not None:
            with suppress(RedisError, OSError):
                await self._connection.send_command(command, channel, check_health=False)

    async def _listen(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                await self._hear()
            await asyncio.sleep(_PATIENCE)

    async def _hear(self) -> None:
        """Listen until the connection ends."""
        connection = self._make_connection()
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            self._connection = connection
            for channel in list(self._waiting):
                await self._send("SUBSCRIBE", channel)
            while True:
                told = await connection.read_response()
                if told[0] in (b"message", b"subscribe"):  # What was told before, nobody heard.
                    self.wake(told[1].decode())
        finally:
            self._connection = None
            await connection.disconnect(nowait=True)


async def wait_for(heard: asyncio.Event, seconds: float | None = None) -> None:
    """Wait until something is told, or for a while, at most for so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(UNHEARD if seconds is None else min(UNHEARD, seconds)):
            await heard.wait()
    heard.clear()
