"""`stale_keep_alive`: the connection seems to stay open, and is closed before the next request."""

from typing import Literal

from ..connection import Connection
from ..delivery import Delivery
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class StaleKeepAliveFault(Fault, frozen=True, kw_only=True, tag="stale_keep_alive"):
    """Send the right answer without `Connection: close`, then close."""

    phase: Literal["before", "after"] = "after"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Leave the answer as it is."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send, headers={})
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        connection.write(head + body)
        connection.close()
