"""The control API as an application: a thin shell over the sandbox object."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..reading import InvalidInputError
from ..scenario import ScenarioError
from . import audit, clock, faults, journal, sandboxes, tokens

if TYPE_CHECKING:
    from ..app import App

ROUTES = (
    *audit.ROUTES,
    *clock.ROUTES,
    *faults.ROUTES,
    *journal.ROUTES,
    *sandboxes.ROUTES,
    *tokens.ROUTES,
)


def control_app(app: "App") -> Starlette:
    """Build the control API for all sandboxes of a server."""
    handlers = {InvalidInputError: _refuse, ScenarioError: _refuse}
    control = Starlette(routes=list(ROUTES), exception_handlers=handlers)
    # A redirect to the path without its last slash would lead out of the sandbox.
    control.router.redirect_slashes = False
    control.state.app = app
    return control


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=422)
