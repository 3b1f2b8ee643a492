"""One at a time replaces the tokens, and one request does for all who want it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from .errors import LivestormError, RetryLater
from .stores import TokenStore, load_grant
from .tokens import Tokens

POLL = 0.02
"""Seconds between two tries: less than a request takes, and a look at the store costs far less."""


class Turn(NamedTuple):
    """Whose lock is wanted, and for how many seconds a caller waits for it."""

    store: TokenStore
    patience: float


class SingleFlight:
    """Whoever replaces the tokens of a store has its lock; the others wait for what comes of it."""

    def __init__(self) -> None:
        self._refreshes = 0
        self._outcome: Tokens | LivestormError = RetryLater("there was no refresh yet")
        self._unfinished: set[object] = set()

    async def refresh(
        self, turn: Turn, old: Tokens, replace: Callable[[], Awaitable[Tokens]]
    ) -> Tokens:
        """Let `replace` be called once for all who find the tokens `old`.

        A caller that finds another's refresh under way gets the outcome of that one. Raises
        RetryLater when it takes too long, and what `replace` raises.
        """
        seen = self._refreshes

        def look() -> Tokens | None:
            if self._refreshes != seen:
                return self._settle()
            now = load_grant(turn.store)
            return now if now.access_token != old.access_token else None

        async def refresh() -> Tokens:
            try:
                self._outcome = await replace()
            except LivestormError as failure:
                self._outcome = failure
            self._refreshes += 1
            return self._settle()

        return await self.take_turn(turn, refresh, look)

    def _settle(self) -> Tokens:
        if isinstance(self._outcome, LivestormError):
            raise self._outcome.with_traceback(None)
        return self._outcome

    async def take_turn(
        self, turn: Turn, work: Callable[[], Awaitable[Tokens]], look: Callable[[], Tokens | None]
    ) -> Tokens:
        """Do the work under the store's lock, unless `look` finds that it is done.

        The work goes on when its caller is cancelled: a rotated refresh token must reach the store.
        """
        task = asyncio.ensure_future(self._wait_and_work(turn, work, look))
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        # Of a caller that is gone nobody asks how it ended, which asyncio would log.
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return await asyncio.shield(task)

    async def _wait_and_work(
        self, turn: Turn, work: Callable[[], Awaitable[Tokens]], look: Callable[[], Tokens | None]
    ) -> Tokens:
        # Threads, tasks and processes all wait by trying again, so nobody is left waiting.
        for _ in range(int(turn.patience / POLL)):
            if tokens := look():
                return tokens
            with turn.store.lock() as held:
                if held:
                    return look() or await work()
            await asyncio.sleep(POLL)
        raise RetryLater("the tokens are being replaced elsewhere")
