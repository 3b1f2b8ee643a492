"""`/_mock/journal`: what the clients did."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..reading import InvalidInputError
from .context import sandbox_of
from .operation import Operation

_SECONDS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_LONGEST_WAIT = 60


async def _show_journal(request: Request) -> Response:
    query = request.query_params
    since = query.get("since", "0")
    if not (since.isascii() and since.isdecimal() and len(since) < 16):
        raise InvalidInputError("since", since, "the number of an exchange")
    journal, seconds = sandbox_of(request).journal, _read_wait(query.get("wait", "0"))
    endpoint, client_id = query.get("endpoint"), query.get("client_id")
    if seconds:
        entries = await journal.wait(
            seconds, endpoint=endpoint, client_id=client_id, since=int(since)
        )
    else:
        entries = journal.entries(endpoint=endpoint, client_id=client_id, since=int(since))
    return JSONResponse({"exchanges": [entry.as_json() for entry in entries]})


def _read_wait(text: str) -> float:
    if not _SECONDS.fullmatch(text) or float(text) > _LONGEST_WAIT:
        raise InvalidInputError("wait", text, f"seconds, at most {_LONGEST_WAIT}")
    return float(text)


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
            "wait": "Seconds to wait for an answered exchange, where there is none yet.",
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
