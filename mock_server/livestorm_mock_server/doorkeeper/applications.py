"""`/oauth/applications`: the engine's administration, closed to everybody."""

from ..exchange import Exchange
from ..rails.response import Response, head
from .sessions import check_csrf, keep_session


async def refuse(exchange: Exchange, *_path: str) -> Response:
    """Answer 403 with nothing in it, as a provider without an administrator block does."""
    exchange.reason = "nobody is an administrator"
    if exchange.request.method in ("GET", "HEAD"):
        return head(403)
    return keep_session(exchange, check_csrf(exchange), head(403))
