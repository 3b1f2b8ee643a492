"""`close`: the connection is closed without an answer."""

from typing import ClassVar

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class CloseFault(Fault, frozen=True, kw_only=True, tag="close"):
    """Answer with a FIN."""

    mangles: ClassVar[bool] = True

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Keep the answer back."""
        exchange.delivery, exchange.sends_nothing = self, True
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Close."""
        del head, body
        connection.close()
