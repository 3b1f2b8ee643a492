"""`reset_in_body`: the connection is reset in the middle of the body."""

from typing import Annotated

import msgspec

from ..connection import Connection
from ..delivery import Delivery
from ..exchange import Exchange
from ..rails.response import Response
from .bodies import has_body
from .fault import Answer, Fault, Proceed

# Long enough for the bytes before the RST to leave; an RST overtakes what is still buffered.
_PAUSE = 0.05


class ResetInBodyFault(Fault, frozen=True, kw_only=True, tag="reset_in_body"):
    """Send the head and a part of the body, then an RST."""

    keep: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.5
    """The share of the body that is sent."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body to cut."""
        return has_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Cut the answer on its way."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        connection.write(head + body[: int(len(body) * self.keep)])
        await connection.wait(_PAUSE)
        connection.reset()
