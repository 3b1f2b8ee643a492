"""`redirect`: a redirection where none belongs, such as of a token request (RFC 9700, 4.12)."""

from typing import Literal

from ..exchange import Exchange
from ..header_fields import OneLine
from ..rails.response import Response
from .fault import Fault, Proceed


class RedirectFault(Fault, frozen=True, kw_only=True, tag="redirect"):
    """Redirect, by default to another origin: a client must not take its secrets there."""

    status: Literal[301, 302, 303, 307, 308] = 307
    """The HTTP status."""
    to: OneLine = "other_origin"
    """`other_origin`, where the fake listens too; `same_origin`; or a URL."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Redirect to the same path and query at the origin, or to the URL."""
        if self.phase == "after":
            await proceed()
        request, provider = exchange.request, exchange.provider
        # A door that leads to one sandbox needs no prefix, the second listener does.
        behind = request.target.removeprefix(request.prefix)
        places = {
            "other_origin": provider.addresses.other(request.base_url) + provider.prefix + behind,
            "same_origin": request.base_url + request.target,
        }
        location = places.get(self.to, self.to)
        return Response(status=self.status, headers={"Location": location})
