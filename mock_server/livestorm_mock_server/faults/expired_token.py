"""`expired_token`: the presented access token has just expired."""

from typing import ClassVar, Literal

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Answer, Fault, Proceed
from .presented import find_access_token


class ExpiredTokenFault(Fault, frozen=True, kw_only=True, tag="expired_token"):
    """End the lifetime of the request's access token; the answer is then the engine's own."""

    places: ClassVar[tuple[str, ...]] = ("api", "token_info", "introspect")

    phase: Literal["before"] = "before"

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether the access token is one that works still."""
        token = await find_access_token(exchange)
        return token is not None and token.is_accessible(exchange.now)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Expire the access token."""
        token = await find_access_token(exchange)
        if token is not None:
            await exchange.store.expire_token(token.id)
        return await proceed()
