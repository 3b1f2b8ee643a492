"""`stale_keep_alive`: the connection seems to stay open, and is closed before the next request."""

from typing import ClassVar, Literal

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class StaleKeepAliveFault(Fault, frozen=True, kw_only=True, tag="stale_keep_alive"):
    """Send the right answer without `Connection: close`, then close."""

    mangles: ClassVar[bool] = True
    announces_end: ClassVar[bool] = False

    phase: Literal["before", "after"] = "after"

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Leave the answer as it is."""
        exchange.delivery = self
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Send all and close."""
        connection.write(head + body)
        connection.close()
