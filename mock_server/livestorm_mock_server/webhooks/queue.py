"""What is on its way in a sandbox: attempted one after the other, each as it is due."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from typing import Final, Protocol

from ..clock import VirtualClock
from ..store.protocol import StoreUnavailableError
from .delivery import Delivery, Parcel

log = logging.getLogger("livestorm_mock_server")

_LOOK: Final = 1.0
"""Seconds after which virtual time is looked at again: a test may move that of its process."""
_MOST_AT_ONCE: Final = 100
"""Each of them is a connection."""
_SHORTEST: Final = 0.02
"""Seconds at least, as what is due may be held up by a rehearsal."""


class Agenda(Protocol):
    """What happens by itself in virtual time, and may bring further parcels."""

    @property
    def due_at(self) -> float | None:
        """When something happens next; None where nothing is waited for."""

    def catch_up(self) -> None:
        """Let happen what is due."""


class Queue:
    """Parcels by the virtual time at which they are due; `attempt` sends one once.

    One attempt is made at a time, so that the order is the same each time.
    """

    def __init__(
        self,
        clock: VirtualClock,
        agenda: Agenda,
        attempt: Callable[[Parcel], Awaitable[object]],
    ) -> None:
        self._clock, self._agenda, self._attempt = clock, agenda, attempt
        self._waiting: list[tuple[float, int, Parcel]] = []
        self._uses = Counter[int]()
        """How many parcels wait with a body, by its `id`."""
        self.bytes = 0
        """How much the bodies take; the same one for several counts once."""
        self._ranks = count()
        self._working: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()
        """Set when the clock was moved, or something has come."""
        self._changed = asyncio.Event()
        """Set when an attempt is over."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, parcels: Iterable[Parcel]) -> None:
        """Have parcels sent as they are due, those that are due at once in this order."""
        for one in parcels:
            self._push(one)
        self.look()

    def look(self) -> None:
        """See what is due, and go on until nothing is to come; without an event loop, later."""
        self._moved.set()
        is_idle = self._working is None or self._working.cancelling() > 0
        if is_idle and self._next_due() is not None:
            with suppress(RuntimeError):  # There is no loop.
                self._loop = asyncio.get_running_loop()
                self._working = self._loop.create_task(self._work())

    async def settle(self, seconds: float, meant: Iterable[Delivery]) -> None:
        """Wait, for so many seconds of real time, until none of these is due or under way."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(map(self._is_due, meant)):
                    await self._changed.wait()

    def wake(self) -> None:
        """Have the same done, from whatever thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # It is closed.
                self._loop.call_soon_threadsafe(self.look)

    async def drop(self) -> None:
        """Forget what is on its way, and wait for the end of the attempt that is under way."""
        working = self._working
        self.close()
        if working is not None:
            await asyncio.wait([working])

    def close(self) -> None:
        """Forget what is on its way, and have the attempt end that is under way."""
        for _, _, parcel in self._waiting:
            parcel.delivery.end("dropped")
        self._waiting.clear()
        self._uses.clear()
        self.bytes = 0
        if self._working is not None:
            self._working.cancel()
        self._tell_changed()

    def _push(self, parcel: Parcel) -> None:
        assert parcel.delivery.due_at is not None
        heappush(self._waiting, (parcel.delivery.due_at, next(self._ranks), parcel))
        if not self._uses[id(parcel.body)]:
            self.bytes += len(parcel.body)
        self._uses[id(parcel.body)] += 1

    def _pop(self) -> Parcel:
        parcel = heappop(self._waiting)[2]
        self._uses[id(parcel.body)] -= 1
        if not self._uses[id(parcel.body)]:
            del self._uses[id(parcel.body)]
            self.bytes -= len(parcel.body)
        return parcel

    def _is_due(self, delivery: Delivery) -> bool:
        return delivery.due_at is not None and delivery.due_at <= self._clock.now()

    async def _work(self) -> None:
        try:
            while True:
                self._moved.clear()
                self._agenda.catch_up()
                if parcels := self._take_due():
                    await asyncio.gather(*map(self._send, parcels))
                    self._tell_changed()
                elif (due_at := self._next_due()) is not None:
                    await self._wait(due_at)
                else:
                    return
        finally:
            if self._working is asyncio.current_task():  # Else another one goes on.
                self._working = None
            self._tell_changed()

    def _take_due(self) -> list[Parcel]:
        """Take the next parcel that is due, and those that are sent at once with it."""
        now, waiting = self._clock.now(), self._waiting
        taken: list[Parcel] = []
        while waiting and waiting[0][0] <= now and len(taken) < _MOST_AT_ONCE:
            if taken and (taken[0].burst is None or waiting[0][2].burst != taken[0].burst):
                break
            taken.append(self._pop())
        return taken

    async def _send(self, parcel: Parcel) -> None:
        try:
            await self._attempt(parcel)
        except asyncio.CancelledError:
            parcel.delivery.end("dropped")
            raise
        except StoreUnavailableError as error:
            log.warning("a webhook was not delivered: %s", error)
            parcel.delivery.end("failed")
        except Exception:
            log.exception("a webhook was not delivered, as the fake itself failed")
            parcel.delivery.end("failed")
        if parcel.delivery.due_at is not None:
            self._push(parcel)

    def _next_due(self) -> float | None:
        """Give when a parcel is due, or something happens that may bring one."""
        times = [self._waiting[0][0]] if self._waiting else []
        if (due_at := self._agenda.due_at) is not None:
            times.append(due_at)
        return min(times, default=None)

    async def _wait(self, due_at: float) -> None:
        """Wait until it may be so late."""
        left = due_at - self._clock.now()
        is_far = self._clock.frozen and left > 0
        with suppress(TimeoutError):
            async with asyncio.timeout(None if is_far else min(max(left, _SHORTEST), _LOOK)):
                await self._moved.wait()

    def _tell_changed(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
