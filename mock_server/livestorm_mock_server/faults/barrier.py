"""`barrier`: requests wait for each other, so that a race happens as written."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Count, Fault, Proceed


class BarrierFault(Fault, frozen=True, kw_only=True, tag="barrier"):
    """Hold matching requests until so many have come, or the control API releases them."""

    parties: Count = 2
    """How many requests open the barrier; each set of so many anew."""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 30
    """How long a request waits at most, in real time; then it goes on alone."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Wait for the others."""
        answer = await proceed() if self.phase == "after" else None
        await proceed.wait_for_others(self.parties, self.seconds)
        return answer or await proceed()
