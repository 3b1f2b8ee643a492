"""`/_mock/health`, `/_mock/clock` and `/_mock/reset`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .bodies import ClockBody, read_body
from .context import sandbox_of
from .operation import Operation


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


OPERATIONS = (
    Operation(
        method="GET",
        path="health",
        summary="Tell that the sandbox answers, and as which release.",
        answer=_show_health,
    ),
    Operation(
        method="GET",
        path="clock",
        summary="Give the virtual time in Unix seconds, and whether it stands still.",
        answer=_show_clock,
    ),
    Operation(
        method="POST",
        path="clock",
        summary="Advance, set, freeze or resume the virtual time; an object may do several.",
        answer=_move_clock,
        body=ClockBody,
    ),
    Operation(
        method="POST",
        path="reset",
        summary="Return to the start of the scenario; credentials stay.",
        answer=_reset,
        status=204,
    ),
)
