"""`GET /oauth/token/info`: what the presented access token is."""

from ..exchange import Exchange
from ..rails.response import Response, render_json
from .bearer import check_accessible, present_token
from .errors import InvalidToken
from .token import rendered_error


async def show_token(exchange: Exchange) -> Response:
    """Describe the access token; every failure is told as "is invalid"."""
    try:
        token = check_accessible(exchange, await present_token(exchange))
    except InvalidToken as error:
        return rendered_error(exchange, InvalidToken(error.ground, error.reason))
    exchange.reason = "the access token is valid"
    members = {
        "resource_owner_id": None if token.user is None else token.user.id,
        "scope": list(token.scopes),
        "expires_in": token.seconds_left(exchange.now),
        "application": {"uid": token.application.client_id},
        "created_at": int(token.created_at),
    }
    return render_json(exchange.request, members)
