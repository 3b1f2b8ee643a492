"""`reset`: the connection is reset before the status line."""

from ..connection import Connection
from ..delivery import Silence
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class ResetFault(Fault, frozen=True, kw_only=True, tag="reset"):
    """Answer with an RST."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Keep the answer back."""
        response = await proceed.to_spoil()
        response.delivery = Silence(self._end)
        return response

    async def _end(self, connection: Connection) -> None:
        connection.reset()
