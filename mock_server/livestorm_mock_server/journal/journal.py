"""The journal of a sandbox: a bounded ring of exchanges that can be waited for."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
from contextlib import aclosing, suppress
from typing import TypeVar

import msgspec

from ..delivery import Silence
from ..exchange import Exchange
from ..rails.response import Response
from ..reading import InvalidInputError, expected_one_of, read_struct
from .entry import Entry
from .kept import KeptExchange
from .query import Query

Q = TypeVar("Q", bound=Query)
Tell = Callable[[Entry], object]

_AT_ONCE = 25
"""Exchanges that a follower is given before others have their turn."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much a journal keeps."""

    exchanges: int = 10_000
    bytes: int = 32_000_000
    """Of requests and answers; what Python needs beside is not counted."""

    @property
    def of_body(self) -> int:
        """How many bytes are kept of one body, so that one alone displaces little."""
        return self.bytes // 64


_SIZE = Size()


class Journal:
    """The newest exchanges; the oldest make room.

    They are numbered twice: as requests in order of arrival (`seq`), and as events in order of
    their answers, which is what a reader who follows the journal sees.
    """

    def __init__(
        self,
        size: Size = _SIZE,
        *,
        last_number: int = 0,
        last_event: int = 0,
        labels: Collection[str] = (),
        tell: Tell | None = None,
    ) -> None:
        """`labels` are those that a query may have; without them, any.

        `tell` is called with each exchange that is over.
        """
        self._size, self._of_body = size, size.of_body
        self._labels = labels
        self._tell = tell
        self._entries: deque[Entry] = deque()
        self._answered: deque[Entry] = deque()
        self._bytes = 0
        self._last_seq = last_number
        self._last_event = last_event
        self._changed: asyncio.Event | None = None
        """What those wait for who follow the journal, if anybody does."""
        self.closed = False
        """Whether nothing will come any more."""

    @property
    def last_number(self) -> int:
        """The number of the newest exchange; 0 where there was none."""
        return self._last_seq

    def open(self, exchange: Exchange) -> Entry:
        """Write down a request as it arrives, and number it."""
        self._last_seq += 1
        exchange.number = self._last_seq
        clock = exchange.provider.clock
        wall = clock.wall()
        entry = Entry(
            exchange=exchange,
            seq=exchange.number,
            wall=wall,
            at=exchange.now,
            paced_at=clock.pace_at(wall),
        )
        self._entries.append(entry)
        self._drop_oldest()
        return entry

    def answer(self, entry: Entry, response: Response | None) -> None:
        """Add the answer to a request, None where there is none; keep what there is room for."""
        exchange = entry.exchange
        if isinstance(exchange, KeptExchange):
            return
        self._last_event += 1
        if response is not None and isinstance(response.delivery, Silence):
            response = None
        entry.answered_at = exchange.provider.clock.wall()
        # Mostly the same number as `seq`, which then is there once.
        entry.event = entry.seq if entry.seq == self._last_event else self._last_event
        self._answered.append(entry)
        entry.close(exchange, response, self._of_body)
        if not self._entries or entry.seq < self._entries[0].seq:
            entry.bytes = 0  # It had to make room before it was answered.
        self._bytes += entry.bytes
        if self._bytes > self._size.bytes:
            self._drop_oldest()
        if self._changed is not None:
            self._wake()
        if self._tell is not None:
            self._tell(entry)

    async def wait(self, seconds: float, query: Query) -> list[Entry]:
        """Give the answered exchanges that a query means, waiting in real time for the first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), aclosing(self.follow(query)) as coming:
                async for _ in coming:  # It may have had to make room before it was answered.
                    if kept := [one for one in self.select(query) if one.event is not None]:
                        return kept
        return []

    async def follow(
        self, query: Query, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[list[Entry]]:
        """Give exchanges as they are answered, a few at once, until the journal is closed.

        `after` is the event that the reader had last; of one that is still to come it had none.
        Where nothing comes for `idle` seconds of real time, the list is empty. Nothing is kept for
        a reader who is slow: it goes on with what there still is.
        """
        if after > self._last_event:  # Of a server before this one.
            after = 0
        while not self.closed:
            changed = self._changed = self._changed or asyncio.Event()
            came = self._events_after(after)
            after = came[-1].event or after if came else after
            matching = [entry for entry in came if query.matches(entry)]
            is_behind = after < self._last_event and bool(came)
            del came
            if matching:
                yield matching
            del matching
            if is_behind:
                await asyncio.sleep(0)
                continue
            try:
                async with asyncio.timeout(idle):
                    await changed.wait()
            except TimeoutError:
                yield []

    def entries(self, **filters: object) -> list[Entry]:
        """Give exchanges, oldest first; the filters are the members of `Query`.

        Raises InvalidInputError.
        """
        return self.select(self.read_query(filters, Query))

    def read_query(
        self, filters: Mapping[str, object], query: type[Q], *, strict: bool = True
    ) -> Q:
        """Read filters; without `strict`, numbers may come as text. Raises InvalidInputError."""
        read = read_struct(filters, query, strict=strict)
        if self._labels and read.endpoint is not None and read.endpoint not in self._labels:
            expected = expected_one_of(read.endpoint, self._labels)
            raise InvalidInputError("endpoint", read.endpoint, expected)
        return read

    def select(self, query: Query) -> list[Entry]:
        """Give the exchanges that a query means, oldest first."""
        return [entry for entry in self if query.matches(entry)]

    def clear(self) -> None:
        """Forget all exchanges; numbers go on."""
        self._entries.clear()
        self._answered.clear()
        self._bytes = 0

    def close(self) -> None:
        """Let those who follow go."""
        self.closed = True
        self._wake()

    def successor(
        self, size: Size, labels: Collection[str] = (), *, last_number: int = 0
    ) -> "Journal":
        """Close this journal; give an empty one that goes on counting events.

        Its exchanges have the numbers behind `last_number`.
        """
        self.close()
        last_event = self._last_event
        return Journal(
            size, last_number=last_number, last_event=last_event, labels=labels, tell=self._tell
        )

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def _drop_oldest(self) -> None:
        """Forget the oldest exchanges for which there is no room, but never the newest."""
        size, entries, answered = self._size, self._entries, self._answered
        while len(entries) > size.exchanges or (self._bytes > size.bytes and len(entries) > 1):
            dropped = entries.popleft()
            self._bytes -= dropped.bytes
            while answered and answered[0].seq <= dropped.seq:
                answered.popleft()

    def _events_after(self, after: int) -> list[Entry]:
        # Events are numbered without a gap, and only the oldest are ever forgotten.
        count = len(self._answered)
        first = max(0, count - max(0, self._last_event - after))
        return [self._answered[at] for at in range(first, min(count, first + _AT_ONCE))]

    def _wake(self) -> None:
        if self._changed is not None:
            self._changed.set()
            self._changed = None
