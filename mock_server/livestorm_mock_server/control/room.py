"""`/_mock/`: what a sandbox is, for people and for tools."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..description import describe
from ..overview import overview
from .answers import Document, Overview
from .context import base_url_of, sandbox_of
from .operation import operation

_SAFE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@operation("GET", "", answers=str, media_type="text/html")
async def show_room(request: Request) -> Response:
    """Show the control room, a page for people; it takes the token from the fragment of its URL."""
    from ..room.page import policy, room_page

    del request
    rules = f"{policy(connects=True)}; frame-ancestors 'none'"
    headers = {**_SAFE, "Content-Security-Policy": rules}
    return Response(room_page(), media_type="text/html", headers=headers)


@operation("GET", "overview", answers=Overview)
async def show_overview(request: Request) -> Response:
    """Tell what the sandbox is now: options, applications, users, what clients were told of the
    limits, and which labels, scenarios and releases there are.
    """
    return JSONResponse(await overview(sandbox_of(request), base_url_of(request)))


@operation("GET", "livestorm-openapi.json", answers=Document)
async def describe_livestorm(request: Request) -> Response:
    """Describe the faked endpoints and the API as the sandbox is set up (OpenAPI 3.1)."""
    from ..provider_openapi.document import describe_provider

    sandbox = sandbox_of(request)
    described = await describe(sandbox, base_url_of(request))
    scenario = sandbox.scenario
    told = await asyncio.to_thread(
        describe_provider,
        sandbox.options,
        scenario.resources,
        scenario.declared.collections,
        app_url=described.app_url,
    )
    return JSONResponse(told)


@operation("GET", "journal/html", answers=str, media_type="text/html")
async def export_html(request: Request) -> Response:
    """Export the control room as one page that needs no server."""
    from ..room.page import policy
    from ..room.told import export_html

    page = await export_html(sandbox_of(request), base_url_of(request))
    rules = f"{policy(connects=False)}; frame-ancestors 'none'; sandbox allow-scripts"
    headers = {
        **_SAFE,
        "Content-Security-Policy": rules,
        "Content-Disposition": 'attachment; filename="livestorm-mock.html"',
    }
    return Response(page, media_type="text/html", headers=headers)
