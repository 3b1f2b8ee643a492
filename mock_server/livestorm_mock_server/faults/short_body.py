"""`short_body`: fewer bytes than `Content-Length` says."""

from typing import Annotated, ClassVar

import msgspec

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class ShortBodyFault(Fault, frozen=True, kw_only=True, tag="short_body"):
    """Send the head of the whole answer and a body without its end, then close."""

    mangles: ClassVar[bool] = True

    missing: Annotated[int, msgspec.Meta(ge=1)] = 10
    """How many bytes are missing; at most all."""

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Cut the answer on its way."""
        exchange.delivery = self
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Send a part and close."""
        connection.write(head + body[: max(0, len(body) - self.missing)])
        connection.close()
