"""A sandbox that several workers share: what is written in its journal, and what strikes."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ..arming.armed import ArmedFault
from ..arming.look import Look
from ..arming.strike import Strike
from ..exchange import Exchange
from ..journal.entry import Entry
from ..rails.errors import RailsError
from ..rails.response import Response
from ..sandbox import NoSandboxError
from ..store.protocol import StoreUnavailableError
from .copy import SandboxCopy
from .later import Later
from .state import decode_count, encode_counts


class _SharedEntry(Entry, kw_only=True):
    """An exchange that is under way here."""

    epoch: bytes = b""
    """That of the journal in which it was written down."""


class SharedSandbox(SandboxCopy):
    """The copy of a worker, whose journal and counts of faults are those of all workers."""

    def __init__(self, later: Later, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._later = later
        self._counting = asyncio.Lock()

    # The journal

    async def open(self, exchange: Exchange) -> Entry:
        """Write down a request as it arrives, and number it; have all as new as it needs it.

        Raises NoSandboxError.
        """
        while True:
            entry = self._entry_of(exchange)
            told = await self._server.ask("open", self._version, *self.journal.encode_opened(entry))
            if told is not None and len(told) == 2:
                entry.seq, entry.epoch = told
                exchange.number = entry.seq
                return entry
            self.heed(told)

    def _entry_of(self, exchange: Exchange) -> _SharedEntry:
        exchange.request.rules = self.rules
        if exchange.webhook is None:
            with suppress(RailsError):  # Who looks meanwhile wants to know what it is for.
                exchange.endpoint = self.router.match(exchange.request).route.label_for(
                    exchange.request
                )
        exchange.now, wall = self.clock.now(), self.clock.wall()
        return _SharedEntry(
            exchange=exchange,
            seq=0,
            wall=wall,
            at=exchange.now,
            paced_at=self.clock.pace_at(wall),
        )

    async def answer(self, entry: Entry, response: Response | None) -> None:
        """Write down the answer to a request."""
        assert isinstance(entry, _SharedEntry)
        told = self.journal.encode_answered(entry, response)
        await self._server.ask("answer", entry.epoch, entry.seq, *told)
        self.journal.tell(entry)

    def note(self, exchange: Exchange, response: Response | None, *, entry: Entry | None) -> None:
        """Write down what came of a request, in a while."""
        self._later.do(lambda: self._note(exchange, response, entry))

    async def _note(
        self, exchange: Exchange, response: Response | None, entry: Entry | None
    ) -> None:
        with suppress(NoSandboxError, StoreUnavailableError):  # Nobody is there to be told.
            await self.answer(entry or await self.open(exchange), response)

    async def exchanges(self) -> Sequence[Entry]:
        """Give the exchanges in the journal, oldest first."""
        return await self.journal.read()

    async def forget_exchanges(self) -> None:
        """Forget all exchanges; numbers go on."""
        await self._server.ask("forget")

    # Faults

    async def _take(self, exchange: Exchange, label: str, look: Look) -> Strike | None:
        """Give what strikes a request; what is counted is counted once, over all workers."""
        await self.faults.look(exchange, label, look)  # Before others have to wait for it.
        if not self.faults.armed_for(exchange, label):
            return None
        async with self._counting:
            while True:
                # What is armed may have been set anew while the server was asked.
                faults = self.faults
                await faults.look(exchange, label, look)
                meant = faults.armed_for(exchange, label)
                before = [one.counts for one in meant]
                strike = faults.take(exchange, label, look)
                counted: list[str] = []
                for one, counts in zip(meant, before, strict=True):
                    if one.counts != counts:
                        counted += [one.id, encode_counts(counts), encode_counts(one.counts)]
                told = await self._server.ask("count", *counted) if counted else None
                if told is None:
                    return strike
                there = [self.faults.find(one) for one in counted[::3]]
                _put_counts(there, told)

    async def take_back(self, entry: Entry) -> None:
        """Have a request as one that nothing struck, and its strike as none, over all workers."""
        assert isinstance(entry, _SharedEntry)
        strike, entry.strike = entry.strike, None
        if strike is not None:
            version = secrets.token_hex(8)
            await self._server.ask("take_back", entry.epoch, version, strike.armed.id)

    async def note_strike(self, entry: Entry) -> None:
        """Let all who read the journal know what struck a request that is under way."""
        assert isinstance(entry, _SharedEntry)
        await self._server.ask("amend", entry.epoch, entry.seq, *self.journal.encode_opened(entry))

    async def armed(self) -> Sequence[ArmedFault]:
        """Give the armed faults, as they are counted now."""
        async with self._counting:
            armed = self.faults.armed()
            if armed:
                _put_counts(armed, await self._server.ask("counts", *(one.id for one in armed)))
            return armed

    async def release(self, fault: ArmedFault) -> None:
        """Let the requests go on that wait at a barrier."""
        await self._server.ask("release", fault.id)

    # Its end

    def close(self) -> None:
        """Let those of this worker go who wait for an exchange or at a barrier."""
        self.webhooks.close()
        self.journal.close()

    async def remove(self) -> bool:
        """Take it from the server; tell whether it was there."""
        was_there = bool(await self._server.ask("close"))
        self.close()
        return was_there


def _put_counts(faults: Sequence[ArmedFault | None], told: Sequence[bytes]) -> None:
    for fault, text in zip(faults, told, strict=True):
        if fault is not None:  # Else somebody has disarmed it.
            fault.counts = decode_count(text)
