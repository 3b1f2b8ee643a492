"""`expired_token`: the presented access token has just expired."""

from typing import ClassVar

from ..doorkeeper.bearer import read_token
from ..exchange import Exchange
from .fault import Fault
from .gate import Gate


class ExpiredTokenFault(Fault, frozen=True, kw_only=True, tag="expired_token"):
    """End the lifetime of the request's access token; the answer is then the engine's own."""

    phases: ClassVar[tuple[str, ...]] = ("before",)

    async def strike(self, exchange: Exchange, gate: Gate) -> None:
        """Expire the access token, if it is known."""
        del gate
        token = await exchange.store.find_token(read_token(exchange))
        if token is not None:
            await exchange.store.expire_token(token.id)
