"""`/_mock/health`, `/_mock/clock` and `/_mock/reset`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..clock import VirtualClock
from .answers import Clock, Health
from .bodies import ClockBody, read_body
from .context import sandbox_of
from .operation import operation


@operation("GET", "health", answers=Health)
async def show_health(request: Request) -> Response:
    """Tell that the sandbox answers, in which version, and as which release."""
    from importlib.metadata import version

    sandbox = sandbox_of(request)
    return JSONResponse(
        {
            "status": "ok",
            "version": version("livestorm-mock"),
            "release": sandbox.options.release,
            "id": sandbox.id,
        }
    )


@operation("GET", "clock", answers=Clock)
async def show_clock(request: Request) -> Response:
    """Give the virtual time in Unix seconds, and whether it stands still."""
    clock = sandbox_of(request).clock
    return JSONResponse({"now": clock.now(), "frozen": clock.frozen})


@operation("POST", "clock", body=ClockBody, answers=Clock)
async def move_clock(request: Request) -> Response:
    """Advance, set, freeze or resume the virtual time; an object may do several. No client's clock
    is moved by it.
    """
    body = await read_body(request, ClockBody)
    sandbox = sandbox_of(request)
    await sandbox.change(lambda: _move(sandbox.clock, body))
    return await show_clock.answer(request)


def _move(clock: VirtualClock, body: ClockBody) -> None:
    if body.freeze:
        clock.freeze()
    if body.set is not None:
        clock.set(body.set)
    if body.advance is not None:
        clock.advance(body.advance)
    if body.resume:
        clock.resume()


@operation("POST", "reset", status=204)
async def reset(request: Request) -> Response:
    """Return to the start of the scenario; credentials stay as they were announced, those of
    registered applications, too.
    """
    await sandbox_of(request).reset()
    return Response(status_code=204)
