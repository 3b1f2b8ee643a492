"""`close`: the connection is closed without an answer."""

from ..connection import Connection
from ..delivery import Silence
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class CloseFault(Fault, frozen=True, kw_only=True, tag="close"):
    """Answer with a FIN."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Keep the answer back."""
        response = await proceed.to_spoil()
        response.delivery = Silence(self._end)
        return response

    async def _end(self, connection: Connection) -> None:
        connection.close()
