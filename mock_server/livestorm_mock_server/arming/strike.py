"""A fault at the moment when it strikes a request."""

import msgspec

from ..exchange import Exchange
from ..faults.fault import Fault
from ..rails.response import Response
from .armed import ArmedFault
from .handed_out import keep_handed_out
from .look import Endpoint, rehearse


class Strike(msgspec.Struct, kw_only=True):
    """A fault as it strikes one request."""

    armed: ArmedFault
    fault: Fault
    """What strikes: the armed fault itself, or its step for this hit."""
    spoils: bool = False
    """Whether the answer is the endpoint's, made into another."""
    is_void: bool = False
    """Whether the request passed, as there was nothing to spoil any more when its turn came."""

    async def answer(self, exchange: Exchange, endpoint: Endpoint) -> Response:
        """Answer a request as the fault has it; note in the journal where the fault decided."""
        fault = self.fault
        if fault.delay and exchange.connection is not None:
            await exchange.connection.wait(fault.delay)
            exchange.now = exchange.provider.clock.now()
        way = _Way(strike=self, exchange=exchange, endpoint=endpoint)
        try:
            response = await fault.strike(exchange, way)
        except _NothingFoundError:
            self.spoils, self.is_void = False, True
            return way.answer or await way.begin_again()
        await keep_handed_out(exchange, response)
        if self.spoils or response is not way.answer:
            self._note_reason(exchange)
        return response

    def _note_reason(self, exchange: Exchange) -> None:
        """Name the fault, and behind it why the provider refused what is spoiled, by its rule."""
        told = f"fault {self.armed.id} ({self.fault.kind}, {self.fault.phase} the effect)"
        if self.spoils and exchange.ground is not None:
            told = f"{told}: {exchange.reason}"
        else:
            exchange.ground = None
        exchange.reason = told


class _NothingFoundError(Exception):
    """A fault finds nothing to spoil where it found something before."""


class _Way(msgspec.Struct, kw_only=True):
    """What a fault is given as `proceed`."""

    strike: Strike
    exchange: Exchange
    endpoint: Endpoint
    answer: Response | None = None
    """The endpoint's own, with its effect."""

    async def __call__(self) -> Response:
        # The fault may have held the request, which is judged when it goes on.
        self.exchange.now = self.exchange.provider.clock.now()
        self.answer = await self.endpoint(self.exchange)
        return self.answer

    async def begin_again(self) -> Response:
        """Carry out what was only rehearsed."""
        self.exchange.ground = self.exchange.reason = None
        return await self()

    async def to_spoil(self) -> Response:
        self.strike.spoils = True
        response = await (self() if self.strike.fault.phase == "after" else self._rehearsed())

        async def give() -> Response:
            return response

        # Another request may have come since the fault looked, and used up the code of both.
        if not await self.strike.fault.finds(self.exchange, give):
            raise _NothingFoundError
        return response

    async def _rehearsed(self) -> Response:
        self.exchange.now = self.exchange.provider.clock.now()
        return await rehearse(self.exchange, self.endpoint)

    async def wait_for_others(self, parties: int, seconds: float) -> None:
        await self.strike.armed.gate.wait(parties, seconds)
