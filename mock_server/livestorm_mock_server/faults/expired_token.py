"""`expired_token`: the presented access token has just expired."""

from typing import ClassVar, Literal

from ..doorkeeper.bearer import read_token
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class ExpiredTokenFault(Fault, frozen=True, kw_only=True, tag="expired_token"):
    """End the lifetime of the request's access token; the answer is then the engine's own."""

    places: ClassVar[tuple[str, ...]] = ("api", "token_info", "introspect")

    phase: Literal["before"] = "before"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Expire the access token, if it is known."""
        token = await exchange.store.find_token(read_token(exchange))
        if token is not None:
            await exchange.store.expire_token(token.id)
        return await proceed()
