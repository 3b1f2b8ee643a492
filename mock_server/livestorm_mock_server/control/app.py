"""The control API as an application: a thin shell over the sandbox object."""

import asyncio
import json
from collections.abc import Sequence
from functools import cache

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ..reading import InvalidInputError, expected_one_of
from ..sandbox import NoSandboxError
from ..sandboxes import Sandboxes
from ..scenario_files import ScenarioError
from ..store.protocol import StoreUnavailableError
from . import (
    applications,
    audit,
    clock,
    collections,
    faults,
    journal,
    room,
    sandboxes,
    scenario,
    state,
    tokens,
    webhooks,
)
from .answers import Document
from .context import not_found
from .operation import operation, operations_of, routes_of


@operation("GET", "openapi.json", answers=Document)
async def show_description(request: Request) -> Response:
    """Describe this API (OpenAPI 3.1)."""
    del request
    return Response(await asyncio.to_thread(_description), media_type="application/json")


@cache
def _description() -> bytes:
    from .openapi import describe

    return json.dumps(describe(OPERATIONS)).encode()


OPERATIONS = (
    *operations_of(room),
    *operations_of(clock),
    *operations_of(faults),
    *operations_of(journal),
    *operations_of(audit),
    *operations_of(tokens),
    *operations_of(applications),
    *operations_of(webhooks),
    *operations_of(collections),
    *operations_of(scenario),
    *operations_of(state),
    *operations_of(sandboxes),
    show_description,
)


def control_app(sandboxes: Sandboxes) -> Starlette:
    """Build the control API for all sandboxes of a server."""
    handlers = {
        InvalidInputError: _refuse,
        ScenarioError: _refuse,
        ClientDisconnect: _drop,
        StoreUnavailableError: _tell_unavailable,
        NoSandboxError: _tell_closed,
        404: _name_paths,
        405: _name_methods,
    }
    control = Starlette(routes=_routes(), exception_handlers=handlers)
    # A redirect to the path without its last slash would lead out of the sandbox.
    control.router.redirect_slashes = False
    control.state.sandboxes = sandboxes
    return control


@cache
def _routes() -> Sequence[Route]:
    """Give the routes, which all servers of a process share: compiling their paths takes long."""
    return [Route("/_mock", _lead_to_room), *routes_of(OPERATIONS)]


async def _lead_to_room(request: Request) -> Response:
    """Lead to the room, within the sandbox; browsers keep the fragment."""
    del request
    return RedirectResponse("_mock/")


async def _refuse(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=422)


async def _tell_unavailable(request: Request, error: Exception) -> Response:
    """Answer where the shared store does not."""
    del request
    return JSONResponse({"error": str(error)}, status_code=503)


async def _tell_closed(request: Request, error: Exception) -> Response:
    """Answer where another server has closed the sandbox meanwhile."""
    del request, error
    return not_found("the sandbox was closed meanwhile")


async def _name_paths(request: Request, error: Exception) -> Response:
    """Answer a path that leads to no operation."""
    del error
    path = request.scope["path"].removeprefix("/_mock/")
    paths = dict.fromkeys(one.path for one in OPERATIONS if one.path)
    return not_found(f"there is no /_mock/{path}; expected {expected_one_of(path, paths)}")


async def _name_methods(request: Request, error: Exception) -> Response:
    """Answer a method that a path does not take (RFC 9110, section 15.5.6)."""
    allowed = ", ".join(sorted((getattr(error, "headers", None) or {})["Allow"].split(", ")))
    message = f"{request.method} is no method of this path; expected one of: {allowed}"
    return JSONResponse({"error": message}, status_code=405, headers={"Allow": allowed})


async def _drop(request: Request, error: Exception) -> Response:
    """Answer a client that left before the end of its body, which nobody will read."""
    del request, error
    return Response(status_code=400)
