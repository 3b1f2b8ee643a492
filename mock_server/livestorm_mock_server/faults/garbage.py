"""`garbage`: bytes that mean nothing, under the headers of the real answer."""

from typing import Annotated, ClassVar

import msgspec

from ..exchange import Exchange
from ..rails.response import Response
from ..randomness import Randomness
from .fault import Fault


class GarbageFault(Fault, frozen=True, kw_only=True, tag="garbage"):
    """Replace the body by random bytes; `seed` says which."""

    mangles: ClassVar[bool] = True

    size: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 512
    """In bytes."""

    async def mangle(self, exchange: Exchange, response: Response) -> Response:
        """Replace the body."""
        del exchange
        response.body = Randomness(self.seed).bytes(self.size)
        return response
