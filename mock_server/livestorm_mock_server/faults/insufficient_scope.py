"""`insufficient_scope`: the access token does not cover the resource (RFC 6750, section 3.1)."""

from ..api.credentials import refuse
from ..doorkeeper.errors import InsufficientScope
from ..exchange import Exchange
from ..options import Scope
from ..rails.response import Response
from .fault import Fault, Proceed


class InsufficientScopeFault(Fault, frozen=True, kw_only=True, tag="insufficient_scope"):
    """Refuse as the API refuses a missing scope, in the form that the provider options give."""

    scope: tuple[Scope, ...] = ("identity:read",)
    """The scopes of which one would be needed."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer 403, or 401 under `missing_scope_status = 401`."""
        if self.phase == "after":
            await proceed()
        return refuse(exchange, InsufficientScope(self.scope))
