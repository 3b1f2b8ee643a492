"""`gzip_lie`: a plain body that claims to be compressed."""

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class GzipLieFault(Fault, frozen=True, kw_only=True, tag="gzip_lie"):
    """Add `Content-Encoding: gzip` and leave the body as it is."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Add the header."""
        response = await proceed.to_spoil()
        response.headers["Content-Encoding"] = "gzip"
        return response
