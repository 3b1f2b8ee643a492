"""`garbage`: bytes that mean nothing, under the headers of the real answer."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from ..randomness import Randomness
from .bodies import may_have_body
from .fault import Answer, Fault, Proceed


class GarbageFault(Fault, frozen=True, kw_only=True, tag="garbage"):
    """Replace the body by random bytes; `seed` says which."""

    size: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 512
    """In bytes."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body to send."""
        return may_have_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Replace the body."""
        response = await proceed.to_spoil()
        response.body = Randomness(self.seed).bytes(self.size)
        return response
