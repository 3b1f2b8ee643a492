"""`barrier`: requests wait for each other, so that a race happens as written."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from .fault import Count, Fault
from .gate import Gate


class BarrierFault(Fault, frozen=True, kw_only=True, tag="barrier"):
    """Hold matching requests until so many have come, or the control API releases them."""

    parties: Count = 2
    """How many requests open the barrier; each set of so many anew."""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 30
    """How long a request waits at most, in real time; then it goes on alone."""

    async def strike(self, exchange: Exchange, gate: Gate) -> None:
        """Wait for the others."""
        del exchange
        await gate.wait(self.parties, self.seconds)
