"""`cut_chunked`: a chunked body without its last chunk (RFC 9112, section 7.1)."""

from typing import ClassVar

from ..connection import Connection
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault
from .framing import without_length


class CutChunkedFault(Fault, frozen=True, kw_only=True, tag="cut_chunked"):
    """Send the whole body as one chunk, and close where the last, empty chunk belongs."""

    mangles: ClassVar[bool] = True

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Cut the answer on its way."""
        exchange.delivery = self
        return response

    async def deliver(self, connection: Connection, head: bytes, body: bytes) -> None:
        """Send the chunk and close."""
        connection.write(without_length(head, b"transfer-encoding: chunked\r\n"))
        connection.write(b"%x\r\n%s\r\n" % (len(body), body))
        connection.close()
