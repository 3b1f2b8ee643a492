"""`/_mock/audit`: what the clients did wrong."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..audit.audit import audit
from .context import sandbox_of
from .operation import Operation


async def _show_audit(request: Request) -> Response:
    findings = await audit(sandbox_of(request))
    return JSONResponse({"findings": [finding.as_json() for finding in findings]})


OPERATIONS = (
    Operation(
        method="GET",
        path="audit",
        summary="Judge what the clients sent; lists the findings.",
        answer=_show_audit,
    ),
)
