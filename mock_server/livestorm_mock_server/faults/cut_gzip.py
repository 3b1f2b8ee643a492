"""`cut_gzip`: a compressed body without its end."""

# Only this fault needs it. Python 3.15 heeds this: https://peps.python.org/pep-0810/
__lazy_modules__ = ("gzip",)

import gzip
from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from .bodies import may_have_body
from .fault import Answer, Fault, Proceed


class CutGzipFault(Fault, frozen=True, kw_only=True, tag="cut_gzip"):
    """Compress the body and cut the end off; `Content-Length` fits what is left."""

    cut: Annotated[int, msgspec.Meta(ge=1)] = 12
    """How many bytes are missing; 8 is the checksum and the length."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body to compress, an empty one too."""
        return may_have_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Compress and cut."""
        response = await proceed.to_spoil()
        compressed = gzip.compress(response.body, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.body = compressed[: max(1, len(compressed) - self.cut)]
        return response
