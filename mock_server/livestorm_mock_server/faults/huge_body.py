"""`huge_body`: more than a client should keep in memory."""

from typing import Annotated, Literal

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from .bodies import may_have_body
from .fault import Answer, Fault, Proceed

_MEGABYTE = 1_000_000


class HugeBodyFault(Fault, frozen=True, kw_only=True, tag="huge_body"):
    """Lengthen the body by white space: JSON stays JSON."""

    megabytes: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 50
    """How long the body gets."""

    phase: Literal["before", "after"] = "after"

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body that is shorter."""
        response = await answer()
        return may_have_body(exchange, response) and len(response.body) < self._length

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Lengthen the body."""
        response = await proceed.to_spoil()
        response.body = response.body.ljust(self._length)
        return response

    @property
    def _length(self) -> int:
        return self.megabytes * _MEGABYTE
