"""`/_mock/sandboxes`: universes of their own on one server."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..description import describe_as_json
from ..scenario_files import load_named_scenario, with_options
from .answers import Sandbox, Sandboxes
from .bodies import SandboxBody, read_body
from .context import base_url_of, not_found, sandboxes_of
from .operation import operation


@operation("GET", "sandboxes", answers=Sandboxes)
async def list_sandboxes(request: Request) -> Response:
    """List the sandboxes of the server."""
    base_url = base_url_of(request)
    described = [await describe_as_json(one, base_url) for one in await sandboxes_of(request).all()]
    return JSONResponse({"sandboxes": described})


@operation("POST", "sandboxes", body=SandboxBody, status=201, answers=Sandbox)
async def open_sandbox(request: Request) -> Response:
    """Open a sandbox under `/s/<id>/`; gives what `serve --json` prints, and `id`."""
    body = await read_body(request, SandboxBody)
    sandboxes = sandboxes_of(request)
    default = sandboxes.default.scenario
    scenario = default if body.scenario is None else load_named_scenario(body.scenario)
    scenario = with_options(
        scenario,
        body.options(),
        journal_capacity=body.journal_capacity,
        journal_bytes=body.journal_bytes,
    )
    registration = body.registration().over(sandboxes.default.registration)
    sandbox = await sandboxes.open(scenario, seed=body.seed, registration=registration)
    return JSONResponse(await describe_as_json(sandbox, base_url_of(request)), status_code=201)


@operation("DELETE", "sandboxes/{id}", status=204, missing="sandbox")
async def close_sandbox(request: Request) -> Response:
    """Drop a sandbox."""
    sandbox_id = request.path_params["id"]
    if not await sandboxes_of(request).close(sandbox_id):
        return not_found(f"there is no sandbox {sandbox_id!r}")
    return Response(status_code=204)
