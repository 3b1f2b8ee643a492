"""`cut_chunked`: a chunked body without its last chunk (RFC 9112, section 7.1)."""

from ..connection import Connection
from ..delivery import Delivery, without_length
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class CutChunkedFault(Fault, frozen=True, kw_only=True, tag="cut_chunked"):
    """Send the whole body as one chunk, and close where the last, empty chunk belongs."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Cut the answer on its way."""
        response = await proceed.to_spoil()
        response.delivery = Delivery(self._send)
        return response

    async def _send(self, connection: Connection, head: bytes, body: bytes) -> None:
        connection.write(without_length(head, b"transfer-encoding: chunked\r\n"))
        if body:  # An empty chunk would be the last one.
            connection.write(b"%x\r\n%s\r\n" % (len(body), body))
        connection.close()
