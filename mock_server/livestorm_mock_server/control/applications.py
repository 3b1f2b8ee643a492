"""`/_mock/applications`: OAuth applications beside those of the scenario."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import shortcuts
from ..scenario import ApplicationEntry
from ..store.records import Application
from .bodies import ApplicationBody, read_body
from .context import sandbox_of
from .operation import operation


@operation("POST", "applications", body=ApplicationBody, status=201)
async def register_application(request: Request) -> Response:
    """Register an application; gives its credentials."""
    body = await read_body(request, ApplicationBody)
    sandbox = sandbox_of(request)
    entry = ApplicationEntry(
        name=body.name,
        client_id=body.client_id or sandbox.randomness.token(),
        client_secret=body.client_secret or sandbox.randomness.token(),
        redirect_uris=body.redirect_uris,
        confidential=body.confidential,
        scopes=body.scopes,
    )
    application = await shortcuts.register_application(sandbox, entry)
    return JSONResponse(_credentials(application), status_code=201)


@operation("POST", "applications/{client_id}/rotate-secret")
async def rotate_secret(request: Request) -> Response:
    """Give an application a new secret; the old one is wrong from then on."""
    client_id = request.path_params["client_id"]
    application = await shortcuts.rotate_secret(sandbox_of(request), client_id)
    return JSONResponse(_credentials(application))


def _credentials(application: Application) -> dict[str, object]:
    return {
        "name": application.name,
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "redirect_uris": list(application.redirect_uris),
        "confidential": application.confidential,
    }
