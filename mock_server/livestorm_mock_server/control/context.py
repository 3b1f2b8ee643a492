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


def base_url_of(request: Request) -> str:
    """Give the origin that the client addressed."""
    base_url: str = request.scope["state"]["base_url"]
    return base_url


def not_found(message: str) -> Response:
    """Answer 404 with the reason."""
    return JSONResponse({"error": message}, status_code=404)
