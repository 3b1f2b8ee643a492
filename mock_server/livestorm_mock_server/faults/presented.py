"""The token that a request brings with it."""

from ..doorkeeper.bearer import read_token
from ..exchange import Exchange
from ..rails.errors import RailsError
from ..rails.text import to_s
from ..store.records import AccessToken


async def find_access_token(exchange: Exchange) -> AccessToken | None:
    """Give the access token by which the request asks, or else the one that it asks about."""
    try:
        presented = read_token(exchange)
    except RailsError:
        return None  # The engine refuses the request, whatever its token is.
    find = exchange.store.find_token
    return await find(presented) or await find(_asked_about(exchange))


async def find_any_token(exchange: Exchange) -> AccessToken | None:
    """Give the same, or else the pair of the refresh token that the request brings."""
    if (token := await find_access_token(exchange)) is not None:
        return token
    try:
        sent = to_s(exchange.request.parameters.get("refresh_token"))
    except RailsError:
        return None
    find = exchange.store.find_refresh_token
    return await find(sent) or await find(_asked_about(exchange))


def _asked_about(exchange: Exchange) -> str:
    """Give what an introspection is about (RFC 7662, section 2.1); elsewhere nothing."""
    is_introspection = exchange.endpoint == "introspect"
    return to_s(exchange.request.parameters.get("token")) if is_introspection else ""
