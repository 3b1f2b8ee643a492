"""What each operation of the control API works on."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..sandbox import Sandbox
from ..sandboxes import Sandboxes


def sandbox_of(request: Request) -> Sandbox:
    """Give the sandbox under whose prefix the request came."""
    sandbox: Sandbox = request.scope["state"]["sandbox"]
    return sandbox


def sandboxes_of(request: Request) -> Sandboxes:
    """Give all sandboxes of the server."""
    sandboxes: Sandboxes = request.app.state.sandboxes
    return sandboxes


def base_url_of(request: Request) -> str | None:
    """Give the origin that the client addressed, None behind a door that leads to one sandbox."""
    base_url: str | None = request.scope["state"]["base_url"]
    return base_url


def not_found(message: str) -> Response:
    """Answer 404 with the reason."""
    return JSONResponse({"error": message}, status_code=404)
