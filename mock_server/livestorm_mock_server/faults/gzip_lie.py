"""`gzip_lie`: a plain body that claims to be compressed."""

from typing import ClassVar

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault


class GzipLieFault(Fault, frozen=True, kw_only=True, tag="gzip_lie"):
    """Add `Content-Encoding: gzip` and leave the body as it is."""

    mangles: ClassVar[bool] = True

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Add the header."""
        del exchange
        response.headers["Content-Encoding"] = "gzip"
        return response
