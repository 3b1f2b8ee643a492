"""`reset`: the connection is reset before the status line."""

from typing import ClassVar

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class ResetFault(Fault, frozen=True, kw_only=True, tag="reset"):
    """Answer with an RST."""

    mangles: ClassVar[bool] = True

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Keep the answer back."""
        exchange.delivery, exchange.sends_nothing = self, True
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Reset."""
        del head, body
        connection.reset()
