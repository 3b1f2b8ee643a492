"""`/_mock/health`, `/_mock/clock` and `/_mock/reset`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .bodies import ClockBody, read_body
from .context import sandbox_of


async def _show_health(request: Request) -> Response:
    sandbox = sandbox_of(request)
    return JSONResponse({"status": "ok", "release": sandbox.options.release, "id": sandbox.id})


async def _show_clock(request: Request) -> Response:
    clock = sandbox_of(request).clock
    return JSONResponse({"now": clock.now(), "frozen": clock.frozen})


async def _move_clock(request: Request) -> Response:
    body = await read_body(request, ClockBody)
    clock = sandbox_of(request).clock
    if body.freeze:
        clock.freeze()
    if body.set is not None:
        clock.set(body.set)
    if body.advance is not None:
        clock.advance(body.advance)
    if body.resume:
        clock.resume()
    return await _show_clock(request)


async def _reset(request: Request) -> Response:
    await sandbox_of(request).reset()
    return Response(status_code=204)


ROUTES = (
    Route("/_mock/health", _show_health),
    Route("/_mock/clock", _show_clock),
    Route("/_mock/clock", _move_clock, methods=["POST"]),
    Route("/_mock/reset", _reset, methods=["POST"]),
)
