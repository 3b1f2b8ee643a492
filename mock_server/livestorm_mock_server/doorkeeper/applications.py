"""`/oauth/applications`: the engine's administration, closed to everybody."""

from ..exchange import Exchange
from ..rails.response import Response, head


async def refuse(exchange: Exchange, *_path: str) -> Response:
    """Answer 403 with nothing in it, as a provider without an administrator block does."""
    exchange.reason = "nobody is an administrator"
    return head(403)
