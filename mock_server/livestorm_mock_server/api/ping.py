"""`GET /v1/ping`: whether a credential works."""

from ..exchange import Exchange
from ..rails.response import Response, head
from .credentials import Caller


async def ping(exchange: Exchange, caller: Caller) -> Response:
    """Answer 200 with no body."""
    del exchange, caller
    return head(200)
