"""`/_mock/scenario`: what a sandbox starts from."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..description import describe_as_json
from ..reading import InvalidInputError, MissingKeyError
from ..scenario import Scenario
from ..scenario_files import load_named_scenario, read_scenario, with_options
from .answers import Document, Sandbox
from .bodies import ScenarioBody, read_body
from .context import base_url_of, sandbox_of
from .operation import operation


@operation("GET", "scenario", answers=Document)
async def show_scenario(request: Request) -> Response:
    """Show what the sandbox starts from."""
    return JSONResponse(msgspec.to_builtins(sandbox_of(request).scenario))


@operation("PUT", "scenario", body=ScenarioBody, answers=Sandbox)
async def put_scenario(request: Request) -> Response:
    """Start anew from the scenario of this name, from this TOML, or from the same one with other
    options; gives what `serve --json` prints.
    """
    sandbox = sandbox_of(request)
    body = await read_body(request, ScenarioBody)
    await sandbox.put(with_options(_read(body, sandbox.scenario), body.options()))
    return JSONResponse(await describe_as_json(sandbox, base_url_of(request)))


def _read(body: ScenarioBody, there: Scenario) -> Scenario:
    if body.scenario is None and body.toml is None and body.options():
        return there
    if body.scenario is not None and body.toml is None:
        return load_named_scenario(body.scenario)
    if body.toml is not None and body.scenario is None:
        return read_scenario(body.toml, "toml", None)
    if body.scenario is None:
        raise MissingKeyError("scenario", "scenario or toml, or release or provider for the same")
    raise InvalidInputError("toml", body.toml, "none beside scenario, or no scenario")
