"""`/_mock/journal`: what the clients did."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..reading import InvalidInputError
from .context import sandbox_of
from .operation import Operation


async def _show_journal(request: Request) -> Response:
    query = request.query_params
    since = query.get("since", "0")
    if not (since.isascii() and since.isdecimal() and len(since) < 16):
        raise InvalidInputError("since", since, "the number of an exchange")
    entries = sandbox_of(request).journal.entries(
        endpoint=query.get("endpoint"), client_id=query.get("client_id"), since=int(since)
    )
    return JSONResponse({"exchanges": [entry.as_json() for entry in entries]})


async def _clear_journal(request: Request) -> Response:
    sandbox_of(request).journal.clear()
    return Response(status_code=204)


OPERATIONS = (
    Operation(
        method="GET",
        path="journal",
        summary="List the exchanges, oldest first.",
        answer=_show_journal,
        query={
            "endpoint": "A label; `token` and `api` stand for all of theirs.",
            "client_id": "Whose requests.",
            "since": "Only exchanges after this number.",
        },
    ),
    Operation(
        method="DELETE",
        path="journal",
        summary="Forget all exchanges.",
        answer=_clear_journal,
        status=204,
    ),
)
