"""`/_mock/audit`: what the clients did wrong."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..audit.audit import audit
from .answers import Findings
from .context import sandbox_of
from .operation import operation


@operation("GET", "audit", answers=Findings)
async def show_audit(request: Request) -> Response:
    """Judge what the clients sent; lists the findings."""
    findings = await audit(sandbox_of(request))
    return JSONResponse({"findings": [finding.as_json() for finding in findings]})
