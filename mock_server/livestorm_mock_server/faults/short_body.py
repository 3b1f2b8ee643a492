"""`short_body`: fewer bytes than `Content-Length` says."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Delivery
from ..exchange import Exchange
from ..rails.response import Response
from .bodies import has_body
from .fault import Answer, Fault, Proceed


class ShortBodyFault(Fault, frozen=True, kw_only=True, tag="short_body"):
    """Send the head of the whole answer and a body without its end, then close."""

    missing: Annotated[int, msgspec.Meta(ge=1)] = 10
    """How many bytes are missing; at most all."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body to cut."""
        return has_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Cut the answer on its way."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        connection.write(head + body[: max(0, len(body) - self.missing)])
        connection.close()
