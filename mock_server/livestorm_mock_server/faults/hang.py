"""`hang`: the request is taken, and nothing comes."""

from typing import Annotated, ClassVar

import msgspec

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class HangFault(Fault, frozen=True, kw_only=True, tag="hang"):
    """Send nothing until the client leaves, at most for so long; then close."""

    mangles: ClassVar[bool] = True

    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 600
    """Real time."""

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Keep the answer back."""
        exchange.delivery, exchange.sends_nothing = self, True
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Wait, then close."""
        del head, body
        await connection.wait(self.seconds)
        connection.close()
