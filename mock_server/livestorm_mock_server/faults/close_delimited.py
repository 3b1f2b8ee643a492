"""`close_delimited`: HTTP/1.0, where only the end of the connection ends the body."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Delivery, without_length
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class CloseDelimitedFault(Fault, frozen=True, kw_only=True, tag="close_delimited"):
    """Send an HTTP/1.0 answer without a length, cut; nothing but the content shows the cut."""

    keep: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """The share of the body that is sent; 1 sends all of it."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Cut the answer on its way."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        old = without_length(head).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
        connection.write(old + body[: int(len(body) * self.keep)])
        connection.close()
