"""`workspace_blocked`: the account is not validated (Livestorm's documentation of 403)."""

from ..api.errors import error_object, render_error
from ..exchange import Exchange
from ..rails.response import Response
from .fault import Fault, Proceed


class WorkspaceBlockedFault(Fault, frozen=True, kw_only=True, tag="workspace_blocked"):
    """Answer 403 "Workspace blocked": neither a refresh nor a new connection helps."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer 403."""
        if self.phase == "after":
            await proceed()
        error = error_object(
            title="Workspace blocked",
            detail="Your account has not been validated",
            code="403",
            status="forbidden",
        )
        return render_error(exchange, 403, error)
