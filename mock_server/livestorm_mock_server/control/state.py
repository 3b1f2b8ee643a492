"""`/_mock/state`: a sandbox whole, as a document."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..beside import call_beside
from ..description import describe_as_json
from ..snapshots.document import SavedSandbox
from .answers import Sandbox
from .context import base_url_of, sandbox_of
from .operation import operation

_BYTES_OF_TOKEN = 500
"""What a token takes in a document, about."""


@operation("GET", "state", answers=SavedSandbox)
async def export_state(request: Request) -> Response:
    """Export the sandbox whole, with its secrets, but for the journal: in the same bytes as long as
    nothing changes.
    """
    from ..snapshots.encoding import encode
    from ..snapshots.writing import write_document

    snapshot = await sandbox_of(request).snapshot()
    headers = {"Content-Disposition": 'attachment; filename="livestorm-mock-state.json"'}
    content = await call_beside(lambda: encode(write_document(snapshot)), size=snapshot.size)
    return Response(content, media_type="application/json", headers=headers)


@operation("PUT", "state", body=SavedSandbox, answers=Sandbox)
async def import_state(request: Request) -> Response:
    """Have the sandbox be what was exported, whole or not at all; its journal is empty then. Gives
    what `serve --json` prints.
    """
    from ..snapshots.encoding import decode
    from ..snapshots.reading import read_document

    sandbox = sandbox_of(request)
    raw = await request.body()
    snapshot = await call_beside(
        lambda: read_document(decode(raw), sandbox.clock), size=len(raw) // _BYTES_OF_TOKEN
    )
    await sandbox.restore(snapshot)
    return JSONResponse(await describe_as_json(sandbox, base_url_of(request)))
