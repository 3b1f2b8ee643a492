"""What a request would be answered, looked at to tell which fault finds something to spoil."""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from ..exchange import Exchange
from ..faults.fault import Fault
from ..rails.response import Response

Endpoint = Callable[[Exchange], Awaitable[Response]]


class Look:
    """What faults find in a request and its answer, each looked at once.

    The answer is rehearsed on a copy of the exchange, where a fault asks for it: what is decided
    about the request itself is still to come.
    """

    def __init__(self, exchange: Exchange, endpoint: Endpoint) -> None:
        self._exchange, self._endpoint = exchange, endpoint
        self._answer: Response | None = None
        # Each fault beside what it finds, as an id is that of another one once it is gone.
        self._found: dict[int, tuple[Fault, bool]] = {}

    async def finds(self, fault: Fault) -> bool:
        """Tell whether a fault has something to spoil."""
        if id(fault) not in self._found:
            found = await fault.finds(self._exchange, self._rehearsed)
            self._found[id(fault)] = fault, found
        return self.found(fault) is True

    def found(self, fault: Fault) -> bool | None:
        """Tell what `finds` told, or None where nobody has asked."""
        return self._found.get(id(fault), (fault, None))[1]

    async def _rehearsed(self) -> Response:
        if self._answer is None:
            self._answer = await rehearse(replace(self._exchange), self._endpoint)
        return self._answer


async def rehearse(exchange: Exchange, endpoint: Endpoint) -> Response:
    """Give the answer of an endpoint: it looks real, and nothing has happened."""
    provider = exchange.provider
    with provider.collections.rehearsal():
        async with provider.store.rehearsal() as exchange.rehearsal:
            try:
                return await endpoint(exchange)
            finally:
                exchange.end_rehearsal()
