"""`revoked_grant`: the user has just disconnected the application in Livestorm's settings."""

from typing import ClassVar, Literal

from ..exchange import Exchange
from ..rails.response import Response
from .fault import Answer, Fault, Proceed
from .presented import find_any_token


class RevokedGrantFault(Fault, frozen=True, kw_only=True, tag="revoked_grant"):
    """Revoke all that the token's user gave the application; the answer is the engine's own."""

    places: ClassVar[tuple[str, ...]] = ("api", "token_info", "introspect", "token.refresh_token")

    phase: Literal["before"] = "before"

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether the token is a user's, and not revoked yet."""
        token = await find_any_token(exchange)
        return token is not None and token.user is not None and not token.is_revoked(exchange.now)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Revoke by the access token or the refresh token of the request."""
        token = await find_any_token(exchange)
        if token is not None and token.user is not None:
            store, application = exchange.store, token.application
            await store.revoke_application(token.user, application.id, exchange.now)
        return await proceed()
