"""`hang`: the request is taken, and nothing comes."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Silence
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class HangFault(Fault, frozen=True, kw_only=True, tag="hang"):
    """Send nothing until the client leaves, at most for so long; then close."""

    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 600
    """Real time."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Keep the answer back."""
        response = await proceed.to_spoil()
        response.delivery = Silence(self._end)
        return response

    async def _end(self, connection: Connection) -> None:
        await connection.wait(self.seconds)
        connection.close()
