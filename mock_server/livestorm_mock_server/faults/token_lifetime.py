"""`token_lifetime`: tokens that live shorter, or longer, than those of the provider."""

from typing import ClassVar, Literal

from ..exchange import Exchange
from ..options import Seconds
from ..rails.response import Response
from .fault import Answer, Fault, Proceed
from .token_fields import read_tokens


class TokenLifetimeFault(Fault, frozen=True, kw_only=True, tag="token_lifetime"):
    """Issue tokens with another lifetime: the answer tells it, and they expire when it is over.

    Tokens that are refreshed from them live as long as the provider's do.
    """

    places: ClassVar[tuple[str, ...]] = ("token",)

    expires_in: Seconds
    """Lifetime of the access token in seconds."""
    phase: Literal["before"] = "before"

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether tokens are issued."""
        return bool(read_tokens(await answer()))

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Let the endpoint answer, with this lifetime."""
        exchange.token_lifetime = self.expires_in
        return await proceed()
