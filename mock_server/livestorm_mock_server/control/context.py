"""What each operation of the control API works on."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sandbox import Sandbox

if TYPE_CHECKING:
    from ..app import App


def sandbox_of(request: Request) -> Sandbox:
    """Give the sandbox under whose prefix the request came."""
    sandbox: Sandbox = request.scope["state"]["sandbox"]
    return sandbox


def app_of(request: Request) -> "App":
    """Give the application with all sandboxes."""
    app: App = request.app.state.app
    return app


def origin_of(request: Request) -> str:
    """Give the origin that the client addressed."""
    return f"{request.url.scheme}://{request.url.netloc}"


def not_found(message: str) -> Response:
    """Answer 404 with the reason."""
    return JSONResponse({"error": message}, status_code=404)
