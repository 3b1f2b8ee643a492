"""What stands in front of each endpoint of the API: the limits, and the credential check."""

from collections.abc import Awaitable, Callable
from typing import Concatenate
from urllib.parse import unquote

from ..doorkeeper.errors import InsufficientScope, InvalidToken
from ..exchange import Exchange
from ..rails.response import Response
from ..routing import Action
from . import credentials, rate_limits
from .credentials import Caller, InvalidPrivateToken

Show = Callable[Concatenate[Exchange, Caller, ...], Awaitable[Response]]
"""Answers a caller; what the path held comes behind."""


def protect(show: Show, scopes: tuple[str, ...] | None) -> Action:
    """Put the limits and the credential check in front of an endpoint."""

    async def answer(exchange: Exchange, *captured: str) -> Response:
        count = await rate_limits.count_request(exchange, credentials.bucket_of)
        if count is not None and count.exceeded is not None:
            response = rate_limits.refuse(exchange, count.exceeded)
        else:
            response = await _answer(exchange, captured)
        response.headers |= rate_limits.limit_headers(exchange, count)
        return response

    async def _answer(exchange: Exchange, captured: tuple[str, ...]) -> Response:
        try:
            caller = await credentials.identify_caller(exchange, scopes)
        except (InvalidToken, InsufficientScope, InvalidPrivateToken) as error:
            return credentials.refuse(exchange, error)
        return await show(exchange, caller, *map(unquote, captured))

    return answer
