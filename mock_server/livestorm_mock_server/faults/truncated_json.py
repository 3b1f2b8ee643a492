"""`truncated_json`: a complete HTTP answer whose JSON stops in the middle."""

from typing import Annotated

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from .bodies import has_body
from .fault import Answer, Fault, Proceed


class TruncatedJSONFault(Fault, frozen=True, kw_only=True, tag="truncated_json"):
    """Cut the body; `Content-Length` fits what is left."""

    keep: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.5
    """The share of the body that stays."""

    async def finds(self, exchange: Exchange, answer: Answer) -> bool:
        """Tell whether there is a body to cut."""
        return has_body(exchange, await answer())

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Cut the body."""
        response = await proceed.to_spoil()
        response.body = response.body[: int(len(response.body) * self.keep)]
        return response
