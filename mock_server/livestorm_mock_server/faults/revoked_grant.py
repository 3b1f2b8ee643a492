"""`revoked_grant`: the user has just disconnected the application in Livestorm's settings."""

from typing import ClassVar, Literal

from ..doorkeeper.bearer import read_token
from ..exchange import Exchange
from ..rails.response import Response
from ..rails.text import to_s
from .fault import Fault, Proceed


class RevokedGrantFault(Fault, frozen=True, kw_only=True, tag="revoked_grant"):
    """Revoke all that the token's user gave the application; the answer is the engine's own."""

    places: ClassVar[tuple[str, ...]] = ("api", "token_info", "introspect", "token.refresh_token")

    phase: Literal["before"] = "before"

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Revoke by the access token or the refresh token of the request."""
        store = exchange.store
        token = await store.find_token(read_token(exchange)) or await store.find_refresh_token(
            to_s(exchange.request.parameters.get("refresh_token"))
        )
        if token is not None and token.user is not None:
            await store.revoke_application(token.user, token.application.id, exchange.now)
        return await proceed()
