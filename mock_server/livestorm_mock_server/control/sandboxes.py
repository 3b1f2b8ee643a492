"""`/_mock/sandboxes`: universes of their own on one server."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..description import describe_as_json
from ..scenario import load_named_scenario, with_options
from .bodies import SandboxBody, read_body
from .context import not_found, origin_of, sandboxes_of
from .operation import Operation


async def _list_sandboxes(request: Request) -> Response:
    origin = origin_of(request)
    described = [await describe_as_json(one, origin) for one in sandboxes_of(request)]
    return JSONResponse({"sandboxes": described})


async def _open_sandbox(request: Request) -> Response:
    body = await read_body(request, SandboxBody)
    sandboxes = sandboxes_of(request)
    default = sandboxes.default.scenario
    scenario = default if body.scenario is None else load_named_scenario(body.scenario)
    scenario = with_options(scenario, body.options(), journal_capacity=body.journal_capacity)
    sandbox = await sandboxes.open(scenario, seed=body.seed)
    return JSONResponse(await describe_as_json(sandbox, origin_of(request)), status_code=201)


async def _close_sandbox(request: Request) -> Response:
    sandbox_id = request.path_params["id"]
    if not await sandboxes_of(request).close(sandbox_id):
        return not_found(f"there is no sandbox {sandbox_id!r}")
    return Response(status_code=204)


OPERATIONS = (
    Operation(
        method="GET",
        path="sandboxes",
        summary="List the sandboxes of the server.",
        answer=_list_sandboxes,
    ),
    Operation(
        method="POST",
        path="sandboxes",
        summary="Open a sandbox under `/s/<id>/`; gives what `serve --json` prints, and `id`.",
        answer=_open_sandbox,
        body=SandboxBody,
        status=201,
    ),
    Operation(
        method="DELETE",
        path="sandboxes/{id}",
        summary="Drop a sandbox.",
        answer=_close_sandbox,
        status=204,
    ),
)
