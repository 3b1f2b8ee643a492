"""`endless_headers`: the head of the answer does not end."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Delivery
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed

_LINE = b"x-padding: " + b"a" * 1000 + b"\r\n"
_LINES_AT_ONCE = 64


class EndlessHeadersFault(Fault, frozen=True, kw_only=True, tag="endless_headers"):
    """Send header fields until the client leaves, at most so many megabytes; then close."""

    megabytes: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    """After so many the connection is closed."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Keep the end of the head back."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        connection.write(head.removesuffix(b"\r\n"))
        for _ in range(self.megabytes * 1000 // _LINES_AT_ONCE):
            connection.write(_LINE * _LINES_AT_ONCE)
            if not await connection.drain():
                return
        connection.close()
