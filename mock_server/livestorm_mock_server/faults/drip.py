"""`drip`: the answer comes, a few bytes at a time."""

from typing import Annotated, Literal

import msgspec

from ..connection import Connection
from ..delivery import Delivery
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class DripFault(Fault, frozen=True, kw_only=True, tag="drip"):
    """Send the whole answer in small pieces: no single read takes long, all together do."""

    size: Annotated[int, msgspec.Meta(ge=1)] = 1
    """How many bytes a piece has."""
    seconds: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.1
    """Real time between two pieces."""

    phase: Literal["before", "after"] = "after"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Let the answer drip."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        answer = head + body
        for start in range(0, len(answer), self.size):
            connection.write(answer[start : start + self.size])
            if not await connection.wait(self.seconds):
                return
        connection.close()
