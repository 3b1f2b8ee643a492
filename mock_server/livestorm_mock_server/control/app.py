"""The control API as an application: a thin shell over the sandbox object."""

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .. import shortcuts
from ..description import describe_as_json
from ..faults.armed import ArmedFault
from ..reading import InvalidInputError
from ..sandbox import Sandbox
from ..scenario import ScenarioError, load_scenario, with_options
from .bodies import (
    AuthorizeBody,
    ClockBody,
    SandboxBody,
    TokenBody,
    TokensBody,
    read_body,
    read_object,
)

if TYPE_CHECKING:
    from ..app import App


def control_app(app: "App") -> Starlette:
    """Build the control API for all sandboxes of a server."""
    routes = [
        Route("/_mock/health", _show_health),
        Route("/_mock/clock", _show_clock),
        Route("/_mock/clock", _move_clock, methods=["POST"]),
        Route("/_mock/reset", _reset, methods=["POST"]),
        Route("/_mock/journal", _show_journal),
        Route("/_mock/journal", _clear_journal, methods=["DELETE"]),
        Route("/_mock/faults", _list_faults),
        Route("/_mock/faults", _arm_fault, methods=["POST"]),
        Route("/_mock/faults", _disarm_faults, methods=["DELETE"]),
        Route("/_mock/faults/{id}", _disarm_fault, methods=["DELETE"]),
        Route("/_mock/faults/{id}/release", _release_fault, methods=["POST"]),
        Route("/_mock/authorize", _authorize, methods=["POST"]),
        Route("/_mock/tokens", _issue_tokens, methods=["POST"]),
        Route("/_mock/tokens/expire", _expire_token, methods=["POST"]),
        Route("/_mock/tokens/revoke", _revoke_token, methods=["POST"]),
        Route("/_mock/sandboxes", _list_sandboxes),
        Route("/_mock/sandboxes", _open_sandbox, methods=["POST"]),
        Route("/_mock/sandboxes/{id}", _close_sandbox, methods=["DELETE"]),
    ]
    handlers = {InvalidInputError: _refuse, ScenarioError: _refuse}
    control = Starlette(routes=routes, exception_handlers=handlers)
    control.state.app = app
    return control


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=422)


def _sandbox(request: Request) -> Sandbox:
    sandbox: Sandbox = request.scope["state"]["sandbox"]
    return sandbox


def _app(request: Request) -> "App":
    app: App = request.app.state.app
    return app


async def _show_health(request: Request) -> Response:
    sandbox = _sandbox(request)
    return JSONResponse({"status": "ok", "release": sandbox.options.release, "id": sandbox.id})


async def _show_clock(request: Request) -> Response:
    clock = _sandbox(request).clock
    return JSONResponse({"now": clock.now(), "frozen": clock.frozen})


async def _move_clock(request: Request) -> Response:
    body = await read_body(request, ClockBody)
    clock = _sandbox(request).clock
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
    await _sandbox(request).reset()
    return Response(status_code=204)


async def _show_journal(request: Request) -> Response:
    query = request.query_params
    since = query.get("since", "0")
    if not since.isdecimal():
        raise InvalidInputError("since", since, "the number of an exchange")
    entries = _sandbox(request).journal.entries(
        endpoint=query.get("endpoint"), client_id=query.get("client_id"), since=int(since)
    )
    return JSONResponse({"exchanges": [entry.as_json() for entry in entries]})


async def _clear_journal(request: Request) -> Response:
    _sandbox(request).journal.clear()
    return Response(status_code=204)


async def _list_faults(request: Request) -> Response:
    return JSONResponse({"faults": [_fault(one) for one in _sandbox(request).faults.armed()]})


async def _arm_fault(request: Request) -> Response:
    armed = _sandbox(request).faults.arm_from(await read_object(request))
    return JSONResponse(_fault(armed), status_code=201)


async def _disarm_faults(request: Request) -> Response:
    _sandbox(request).faults.disarm()
    return Response(status_code=204)


async def _disarm_fault(request: Request) -> Response:
    fault_id = request.path_params["id"]
    if not _sandbox(request).faults.disarm(fault_id):
        return _not_found(f"there is no fault {fault_id!r}")
    return Response(status_code=204)


async def _release_fault(request: Request) -> Response:
    fault_id = request.path_params["id"]
    armed = _sandbox(request).faults.find(fault_id)
    if armed is None:
        return _not_found(f"there is no fault {fault_id!r}")
    armed.release()
    return JSONResponse(_fault(armed))


async def _authorize(request: Request) -> Response:
    body = await read_body(request, AuthorizeBody)
    location = await shortcuts.authorize(
        _sandbox(request),
        body.url,
        decision=body.decision,
        user=body.user,
        **body.parameters(),
    )
    return JSONResponse({"location": location})


async def _issue_tokens(request: Request) -> Response:
    body = await read_body(request, TokensBody)
    return JSONResponse(
        await shortcuts.issue_tokens(
            _sandbox(request),
            client_id=body.client_id,
            user=body.user,
            scope=body.scope,
            expires_in=body.expires_in,
        )
    )


async def _expire_token(request: Request) -> Response:
    body = await read_body(request, TokenBody)
    await shortcuts.expire_token(_sandbox(request), body.token)
    return Response(status_code=204)


async def _revoke_token(request: Request) -> Response:
    body = await read_body(request, TokenBody)
    await shortcuts.revoke_token(_sandbox(request), body.token)
    return Response(status_code=204)


async def _list_sandboxes(request: Request) -> Response:
    origin = _origin(request)
    described = [await describe_as_json(one, origin) for one in _app(request).sandboxes.values()]
    return JSONResponse({"sandboxes": described})


async def _open_sandbox(request: Request) -> Response:
    body = await read_body(request, SandboxBody)
    app = _app(request)
    scenario = app.default.scenario if body.scenario is None else load_scenario(body.scenario)
    scenario = with_options(scenario, body.options())
    sandbox = await app.open_sandbox(scenario, seed=body.seed)
    return JSONResponse(await describe_as_json(sandbox, _origin(request)), status_code=201)


async def _close_sandbox(request: Request) -> Response:
    sandbox_id = request.path_params["id"]
    if not _app(request).close_sandbox(sandbox_id):
        return _not_found(f"there is no sandbox {sandbox_id!r}")
    return Response(status_code=204)


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _not_found(message: str) -> Response:
    return JSONResponse({"error": message}, status_code=404)


def _fault(armed: ArmedFault) -> dict[str, object]:
    return {"id": armed.id, "hits": armed.hits, **armed.fault.as_json()}
