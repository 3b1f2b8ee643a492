"""`/_mock/journal`: what the clients did."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from itertools import chain, islice
from typing import Annotated, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..beside import call_beside
from ..clock import read_steady
from ..journal.entry import Entry
from ..journal.query import Query
from ..reading import InvalidInputError
from ..sandbox import Sandbox
from .answers import BriefJournal, Document, Journal
from .context import sandbox_of
from .operation import operation

Q = TypeVar("Q", bound=Query)

_LONGEST_WAIT = 60
_STILL_OPEN_AFTER = 15.0
_AT_ONCE = 25
"""Exchanges that are written down before others have their turn."""
_CURRENT = ": current\n\n"
_PAUSE = 0.04
"""Seconds for which a follower is left alone at least, so that exchanges come together."""
_LONGEST_PAUSE = 0.08
"""At most, also behind a reader who took long."""
_REST = 20
"""How many times as long as it took to write them down; so it can slow nobody down much."""
_CATCHING_UP = 4
"""The same for one who comes to a full journal."""
_encoder = json.JSONEncoder(separators=(",", ":"))
"""`json.dumps` would make one for each exchange."""
_quick_encoder = msgspec.json.Encoder()
"""Takes a tenth of the time. It takes no number of more than 64 bits, which a body may have, and
escapes nothing but what JSON has to.
"""


class WaitingQuery(Query, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query that may wait for an answer."""

    wait: Annotated[
        float,
        msgspec.Meta(ge=0, le=_LONGEST_WAIT, description=f"seconds, at most {_LONGEST_WAIT}"),
    ] = 0
    """Seconds to wait for an answered exchange, where there is none yet."""


class StreamQuery(Query, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query that is followed."""

    brief: bool = False
    """Whether only what a list shows is given: no headers and no bodies."""


@operation("GET", "journal", query=WaitingQuery, answers=Journal)
async def show_journal(request: Request) -> Response:
    """List the exchanges, oldest first."""
    query, sandbox = _read_query(request, WaitingQuery), sandbox_of(request)
    if query.wait:
        entries: Sequence[Entry] = await sandbox.journal.wait(query.wait, query)
    else:
        entries = await sandbox.exchanges()
    return await _document(request, '{"exchanges":[', _listed(entries, query, _dump), "]}")


@operation("GET", "journal/brief", query=Query, answers=BriefJournal)
async def show_journal_briefly(request: Request) -> Response:
    """List the exchanges as a list shows them: no headers and no bodies, long texts cut."""
    query, entries = _read_query(request, Query), await sandbox_of(request).exchanges()
    listed = _listed(entries, query, _dump_briefly)
    return await _document(request, '{"exchanges":[', listed, "]}")


async def _document(
    request: Request,
    opening: str,
    listed: Iterator[str],
    end: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give a list in parts where it can be, so that a long journal keeps nobody waiting."""
    first = list(islice(listed, _AT_ONCE))
    parts = _parts(opening, chain(first, listed), end)
    if len(first) == _AT_ONCE and _takes_chunks(request):
        return StreamingResponse(parts, media_type="application/json", headers=headers)
    text = "".join([part async for part in parts])
    return Response(text, media_type="application/json", headers=headers)


async def _parts(opening: str, listed: Iterator[str], end: str) -> AsyncIterator[str]:
    yield opening
    before = ""
    while some := list(islice(listed, _AT_ONCE)):
        if text := ",".join(filter(None, some)):
            yield before + text
            before = ","
        await asyncio.sleep(0)
    yield end


def _listed(entries: Iterable[Entry], query: Query, dump: Callable[[Entry], str]) -> Iterator[str]:
    """Give the text of each exchange; none of one that is not meant."""
    return (dump(entry) if query.matches(entry) else "" for entry in entries)


@operation("GET", "journal/stream", query=StreamQuery, answers=str, media_type="text/event-stream")
async def stream_journal(request: Request) -> Response:
    """Follow the journal: each exchange, once it is answered, as a server-sent event; those that
    there are come first.
    """
    query, sandbox = _read_query(request, StreamQuery), sandbox_of(request)
    if not _takes_chunks(request):
        version = request.scope["http_version"]
        raise InvalidInputError("the version of HTTP", version, "1.1: a stream comes in chunks")
    last = request.headers.get("last-event-id", "")
    after = int(last) if last.isascii() and last.isdecimal() and len(last) < 16 else 0
    headers = {"Cache-Control": "no-cache"}
    return StreamingResponse(
        _events(sandbox, query, after), media_type="text/event-stream", headers=headers
    )


async def _events(sandbox: Sandbox, query: StreamQuery, after: int) -> AsyncIterator[str]:
    """Give the exchanges as server-sent events, until the sandbox is closed.

    A reset gives the sandbox another journal, in which events go on to be counted. A few come at
    once, and the next ones after a pause, so that a reader costs little; one that does not read
    has no more than these waiting for it, and goes on with what the journal still has. The comment
    `current` stands behind the newest that there was.
    """
    dump = _dump_briefly if query.brief else _dump
    there = await sandbox.exchanges()
    if after > max((entry.event or 0 for entry in there), default=0):  # Of a server before this.
        after = 0
    meant = (one.event for one in reversed(there) if one.event and query.matches(one))
    last = next(meant, 0)
    del there, meant
    yield ": open\n\n" if last > after else _CURRENT
    while not (journal := sandbox.journal).closed:
        following = journal.follow(query, after=after, idle=_STILL_OPEN_AFTER)
        async with aclosing(following) as coming:
            async for entries in coming:
                began, is_behind = read_steady(), after < last
                text = "".join(_event(entry, dump) for entry in entries) or ": still open\n\n"
                after = entries[-1].event or after if entries else after
                if is_behind and after >= last:
                    text += _CURRENT
                del entries  # Whoever does not read must not keep what the journal has forgotten.
                yield text
                took = read_steady() - began
                await asyncio.sleep(rest_after(took, is_behind=after < last))


def rest_after(took: float, *, is_behind: bool) -> float:
    """Give the seconds for which a follower is left alone."""
    rest = took * _CATCHING_UP if is_behind else max(_PAUSE, took * _REST)
    return min(_LONGEST_PAUSE, rest)


def _event(entry: Entry, dump: Callable[[Entry], str]) -> str:
    return f"id: {entry.event}\nevent: exchange\ndata: {dump(entry)}\n\n"


def _dump(entry: Entry) -> str:
    return _encoder.encode(entry.as_json())


def _dump_briefly(entry: Entry) -> str:
    told = entry.as_brief()
    with suppress(UnicodeEncodeError):  # Bytes of the client's that are no UTF-8.
        text = _quick_encoder.encode(told)
        if text.isascii():  # There are readers who take U+2028 for the end of a line.
            return text.decode()
    return _encoder.encode(told)


@operation("GET", "journal/har", query=Query, answers=Document)
async def export_har(request: Request) -> Response:
    """Export the exchanges as an HTTP archive (HAR 1.2), for browsers and API tools."""
    from ..journal.har import as_har, entry_as_har

    def dump(entry: Entry) -> str:
        return _encoder.encode(entry_as_har(entry))

    query, entries = _read_query(request, Query), await sandbox_of(request).exchanges()
    opening, _, end = _encoder.encode(as_har([])).partition("[]}}")
    opening, end = opening + "[", "]}}" + end
    headers = {"Content-Disposition": 'attachment; filename="livestorm-mock.har"'}
    return await _document(request, opening, _listed(entries, query, dump), end, headers)


@operation("GET", "journal/mermaid", query=Query, answers=str, media_type="text/vnd.mermaid")
async def export_mermaid(request: Request) -> Response:
    """Export the exchanges as a sequence diagram in Mermaid, without secrets."""
    from ..journal.mermaid import as_mermaid

    query, sandbox = _read_query(request, Query), sandbox_of(request)
    entries = await sandbox.exchanges()
    meant, mask = filter(query.matches, entries), sandbox.mask
    diagram = await call_beside(lambda: as_mermaid(meant, mask), size=len(entries))
    return Response(diagram, media_type="text/vnd.mermaid; charset=utf-8")


@operation("GET", "journal/scenario", query=Query, answers=str, media_type="application/toml")
async def export_scenario(request: Request) -> Response:
    """Export an exchange as a scenario in TOML, in which the fake answers that request again as it
    did; of several, the newest.
    """
    from ..journal.scenario import as_scenario

    query, sandbox = _read_query(request, Query), sandbox_of(request)
    found = list(filter(query.matches, await sandbox.exchanges()))
    if not found:
        raise InvalidInputError("the query", dict(request.query_params), "one with an exchange")
    text = as_scenario(found[-1], sandbox.options)
    return Response(text, media_type="application/toml")


@operation("DELETE", "journal", status=204)
async def clear_journal(request: Request) -> Response:
    """Forget all exchanges."""
    await sandbox_of(request).forget_exchanges()
    return Response(status_code=204)


def _takes_chunks(request: Request) -> bool:
    """Tell whether an answer's end need not be known at its beginning.

    https://www.rfc-editor.org/rfc/rfc9112#section-6.1
    """
    return bool(request.scope["http_version"] == "1.1")


def _read_query(request: Request, query: type[Q]) -> Q:
    journal = sandbox_of(request).journal
    return journal.read_query(dict(request.query_params), query, strict=False)
