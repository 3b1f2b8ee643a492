"""A fault at the moment when it strikes a request."""

from collections.abc import Awaitable, Callable

import msgspec

from ..exchange import Exchange
from ..faults.fault import Fault
from ..rails.response import Response
from .armed import ArmedFault
from .handed_out import keep_handed_out

Endpoint = Callable[[], Awaitable[Response]]


class Strike(msgspec.Struct, kw_only=True):
    """A fault as it strikes one request."""

    armed: ArmedFault
    fault: Fault
    """What strikes: the armed fault itself, or its step for this hit."""
    spoils: bool = False
    """Whether the answer is the endpoint's, made into another."""

    async def answer(self, exchange: Exchange, endpoint: Endpoint) -> Response:
        """Answer a request as the fault has it; note in the journal where the fault decided."""
        fault = self.fault
        if fault.delay and exchange.connection is not None:
            await exchange.connection.wait(fault.delay)
            exchange.now = exchange.provider.clock.now()
        way = _Way(strike=self, exchange=exchange, endpoint=endpoint)
        response = await fault.strike(exchange, way)
        await keep_handed_out(exchange, response)
        if self.spoils or response is not way.answer:
            exchange.ground = None
            exchange.reason = f"fault {self.armed.id} ({fault.kind}, {fault.phase} the effect)"
        return response


class _Way(msgspec.Struct, kw_only=True):
    """What a fault is given as `proceed`."""

    strike: Strike
    exchange: Exchange
    endpoint: Endpoint
    answer: Response | None = None
    """The endpoint's own."""

    async def __call__(self) -> Response:
        # The fault may have held the request, which is judged when it goes on.
        self.exchange.now = self.exchange.provider.clock.now()
        self.answer = await self.endpoint()
        return self.answer

    async def to_spoil(self) -> Response:
        self.strike.spoils = True
        if self.strike.fault.phase == "after":
            return await self()
        provider = self.exchange.provider
        with provider.collections.rehearsal():
            async with provider.store.rehearsal() as self.exchange.rehearsal:
                try:
                    return await self()
                finally:
                    self.exchange.end_rehearsal()

    async def wait_for_others(self, parties: int, seconds: float) -> None:
        await self.strike.armed.gate.wait(parties, seconds)
