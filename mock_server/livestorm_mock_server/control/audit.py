"""`/_mock/audit`: what the clients did wrong."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..audit.audit import audit
from .context import sandbox_of


async def _show_audit(request: Request) -> Response:
    findings = await audit(sandbox_of(request))
    return JSONResponse({"findings": [finding.as_json() for finding in findings]})


ROUTES = (Route("/_mock/audit", _show_audit),)
