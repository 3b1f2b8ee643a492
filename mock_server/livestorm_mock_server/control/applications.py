"""`/_mock/applications`: OAuth applications beside those of the scenario."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import shortcuts
from ..scenario import ApplicationEntry
from ..store.records import Application
from .answers import Credentials
from .bodies import read_body
from .context import sandbox_of
from .operation import operation


@operation("POST", "applications", body=ApplicationEntry, status=201, answers=Credentials)
async def register_application(request: Request) -> Response:
    """Register an application; gives its credentials."""
    entry = await read_body(request, ApplicationEntry)
    application = await shortcuts.register_application(sandbox_of(request), entry)
    return JSONResponse(_credentials(application), status_code=201)


@operation("POST", "applications/{client_id}/rotate-secret", answers=Credentials)
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
