"""The journal that several workers write: what is kept of it is on the server."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing, suppress

from ..clock import read_steady
from ..delivery import Silence
from ..exchange import Exchange
from ..journal.entry import Entry
from ..journal.journal import Journal, Size, Tell
from ..journal.kept import KeptExchange
from ..journal.query import Query
from ..rails.response import Response
from ..store.protocol import StoreUnavailableError
from .entries import decode_entry, encode_entry
from .sandbox_server import SandboxServer
from .signals import Signals, wait_for

_AT_ONCE = 200
"""Exchanges that are read in one operation, so that others need not wait for long."""


class SharedJournal(Journal):
    """The exchanges of all workers; each knows but those that it has under way."""

    def __init__(self, server: SandboxServer, signals: Signals, tell: Tell | None) -> None:
        super().__init__(tell=tell)
        self._server, self._signals = server, signals

    def resize(self, size: Size, labels: Collection[str]) -> None:
        """Keep so much from now on, and take these labels in a query."""
        self._size, self._labels = size, labels

    def tell(self, entry: Entry) -> None:
        """Tell of an exchange that is over."""
        if self._tell is not None:
            self._tell(entry)

    def know(self, last_number: int) -> None:
        """Take note of the number of the newest exchange."""
        self._last_seq = last_number

    def encode_opened(self, entry: Entry) -> tuple[bytes, int, int]:
        """Give what `open` takes of an entry that has no number yet."""
        assert isinstance(entry.exchange, Exchange)
        kept = KeptExchange.of(entry.exchange, self._size.of_body)
        return encode_entry(entry, kept), self._size.exchanges, self._size.bytes

    def encode_answered(self, entry: Entry, response: Response | None) -> tuple[bytes, int, int]:
        """Add the answer to an entry; give what `answer` takes of it."""
        assert isinstance(entry.exchange, Exchange)
        entry.answered_at = entry.exchange.provider.clock.wall()
        is_silent = response is None or isinstance(response.delivery, Silence)
        entry.close(entry.exchange, None if is_silent else response, self._size.of_body)
        assert isinstance(entry.exchange, KeptExchange)
        return encode_entry(entry, entry.exchange), self._size.exchanges, self._size.bytes

    async def read(self) -> list[Entry]:
        """Give all exchanges that are kept, oldest first."""
        entries: list[Entry] = []
        start = 1
        while start:
            start, found = await self._server.ask("read", start, _AT_ONCE)
            entries += [decode_entry(*one) for one in found]
            await asyncio.sleep(0)
        return entries

    async def wait(self, seconds: float, query: Query) -> list[Entry]:
        """Give the answered exchanges that a query means, waiting in real time for the first."""
        entries = await self.read()
        if kept := _answered(entries, query):
            return kept
        newest = max((entry.event or 0 for entry in entries), default=0)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async with aclosing(self.follow(query, after=newest)) as coming:
                    async for _ in coming:  # It may have had to make room before it was answered.
                        if kept := _answered(await self.read(), query):
                            return kept
        return []

    async def follow(
        self, query: Query, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[list[Entry]]:
        """Give exchanges as they are answered, see `Journal.follow`."""
        quiet_since = read_steady()
        async with self._signals.hearing(self._server.channel) as heard:
            while not self.closed:
                before, (after, came) = after, await self._events_behind(after)
                if matching := [entry for entry in came if query.matches(entry)]:
                    yield matching
                    quiet_since = read_steady()
                elif idle is not None and read_steady() - quiet_since >= idle:
                    yield []
                    quiet_since = read_steady()
                if after == before:
                    await wait_for(heard)

    async def _events_behind(self, after: int) -> tuple[int, list[Entry]]:
        """Give the newest of some events behind one, and their exchanges; none where none is told.

        Who follows the journal goes on once the server answers again.
        """
        try:
            told = await self._server.ask("follow", after, _AT_ONCE)
        except StoreUnavailableError:
            return after, []
        if told is None:
            self.closed = True
            return after, []
        newest, found = told
        return newest, [decode_entry(*one) for one in found]

    def close(self) -> None:
        """Let those of this worker who follow go."""
        super().close()
        self._signals.wake(self._server.channel)


def _answered(entries: Iterable[Entry], query: Query) -> list[Entry]:
    return [one for one in entries if one.event is not None and query.matches(one)]
