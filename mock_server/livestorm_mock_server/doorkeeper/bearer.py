"""Access tokens as the engine reads and checks them at protected resources (RFC 6750)."""

import re

from .. import grounds
from ..exchange import Exchange
from ..patterns import compile_late
from ..rails.errors import InternalServerError
from ..rails.text import is_blank, to_s
from ..store.records import AccessToken
from .errors import InsufficientScope, InvalidToken

_BEARER = compile_late(r"\ABearer (.*)\Z", re.IGNORECASE | re.DOTALL)


async def present_token(exchange: Exchange) -> AccessToken | None:
    """Look up the request's access token; doing so revokes the pair that it replaced."""
    token = await exchange.store.present_token(read_token(exchange), exchange.now)
    if token is not None:
        exchange.note_sent(token)
        exchange.client_id = token.application.client_id
    return token


async def present_permitted_token(exchange: Exchange, required: tuple[str, ...]) -> AccessToken:
    """Give the request's valid access token that has any one of the scopes.

    Without `required`, any default scope will do. Raises InvalidToken or InsufficientScope.
    """
    token = check_accessible(exchange, await present_token(exchange))
    required = required or exchange.options.default_scopes
    if required and not set(required) & _held(token):
        raise InsufficientScope(required)
    return token


def check_accessible(exchange: Exchange, token: AccessToken | None) -> AccessToken:
    """Give the token if it is valid. Raises InvalidToken; revoked wins over expired."""
    if token is None:
        raise InvalidToken(grounds.ACCESS_TOKEN_UNKNOWN)
    if token.is_revoked(exchange.now):
        raise InvalidToken(grounds.ACCESS_TOKEN_REVOKED, why="revoked")
    if token.is_expired(exchange.now):
        raise InvalidToken(grounds.ACCESS_TOKEN_EXPIRED, why="expired")
    return token


def _held(token: AccessToken) -> set[str]:
    """The token's scopes; of Livestorm's, write includes read (documented)."""
    readable = {s.replace(":write", ":read") for s in token.scopes}
    return readable | set(token.scopes)


def read_token(exchange: Exchange) -> str:
    """Read the first source that is not blank: header, `access_token`, `bearer_token`.

    Empty where there is none.
    """
    request = exchange.request
    if match := _BEARER.match(request.header("authorization") or ""):
        if not match[1].isascii():
            raise InternalServerError("the access token holds bytes beyond ASCII")
        if not is_blank(match[1]):
            return match[1].rstrip(" \t")
    parameters = request.parameters
    access_token = parameters.get("access_token")
    given = parameters.get("bearer_token") if is_blank(access_token) else access_token
    return "" if is_blank(given) else to_s(given)
