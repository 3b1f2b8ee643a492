"""`hang`: the request is taken, and nothing comes, or nothing but the head."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Delivery, Silence
from ..exchange import Exchange
from ..rails.response import Response
from .bodies import has_body
from .fault import Answer, Fault, Proceed


class HangFault(Fault, frozen=True, kw_only=True, tag="hang"):
    """Send nothing, or no body, until the client leaves, at most for so long; then close."""

    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 600
    """Real time."""
    head: bool = False
    """Whether status and headers come at once: a time-out may end with them."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether something is kept back: behind the head, a body."""
        return not self.head or has_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Keep the answer back."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send_head) if self.head else Silence(self._end)
        return response

    async def _send_head(self, connection: Connection, head: bytes, body: bytes) -> None:
        del body
        connection.write(head)
        await self._end(connection)

    async def _end(self, connection: Connection) -> None:
        await connection.wait(self.seconds)
        connection.close()
