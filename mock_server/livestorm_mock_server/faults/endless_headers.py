"""`endless_headers`: the head of the answer does not end."""

from typing import Annotated, ClassVar

import msgspec

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault

_LINE = b"x-padding: " + b"a" * 1000 + b"\r\n"
_LINES_AT_ONCE = 64


class EndlessHeadersFault(Fault, frozen=True, kw_only=True, tag="endless_headers"):
    """Send header fields until the client leaves, at most so many megabytes; then close."""

    mangles: ClassVar[bool] = True

    megabytes: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    """After so many the connection is closed."""

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Keep the end of the head back."""
        exchange.delivery = self
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Send field after field."""
        del body
        connection.write(head.removesuffix(b"\r\n"))
        for _ in range(self.megabytes * 1000 // _LINES_AT_ONCE):
            connection.write(_LINE * _LINES_AT_ONCE)
            if not await connection.drain():
                return
        connection.close()
