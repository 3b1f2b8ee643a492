"""`delay`: the right answer, late."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from .armed import ArmedFault
from .fault import Fault


class DelayFault(Fault, frozen=True, kw_only=True, tag="delay"):
    """Wait in real time, then go on; with `phase = "after"` the effect comes first."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=3600)]
    """How long, in real time."""

    @property
    def lateness(self) -> float:
        """How many seconds the answer comes late."""
        return self.delay + self.seconds

    async def strike(self, exchange: Exchange, armed: ArmedFault) -> None:
        """Wait, at most until the client leaves."""
        del armed
        if exchange.connection is not None:
            await exchange.connection.wait(self.seconds)
