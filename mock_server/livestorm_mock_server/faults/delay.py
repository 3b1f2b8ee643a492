"""`delay`: the right answer, late."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class DelayFault(Fault, frozen=True, kw_only=True, tag="delay"):
    """Wait in real time, then go on; with `phase = "after"` the effect comes first."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=3600)]
    """How long, in real time."""

    @property
    def lateness(self) -> float:
        """How many seconds the answer comes late."""
        return self.delay + self.seconds

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Wait, at most until the client leaves."""
        answer = await proceed() if self.phase == "after" else None
        if exchange.connection is not None:
            await exchange.connection.wait(self.seconds)
        return answer or await proceed()
