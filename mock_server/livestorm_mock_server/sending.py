"""How an answer goes out: in one piece, by the HTTP server, or by hand."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache, lru_cache
from typing import Any

from .connection import Connection
from .delivery import Delivery, Silence
from .rails.response import Response, phrase_of

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_FRAMING = frozenset({"connection", "transfer-encoding"})


def lines_in_one_piece(response: Response) -> bytes | None:
    """Give the status line and the header lines, each with its end, of an answer to be sent whole.

    None where its head asks for more, or the answer for another way.
    """
    if response.delivery is not None:
        return None
    names, values = response.header()
    form = _head_form(response.status, names)
    is_whole = response.headers.get("Content-Length", "0") == str(len(response.body))
    # Nothing printable breaks a line; what else uvicorn refuses, it has to refuse itself.
    if form is None or not is_whole or not "".join(values).isprintable():
        return None
    return (form % values).encode()


@lru_cache(maxsize=1_000)
def _head_form(status: int, names: tuple[str, ...]) -> str | None:
    """Give the head of an answer with headers of these names, to put the values in.

    None where they say how the answer is framed, or whether the connection goes on.
    """
    lower = [name.lower() for name in names]
    if not _FRAMING.isdisjoint(lower):
        return None
    fields = "".join(f"{name.replace('%', '%%')}: %s\r\n" for name in lower)
    return _status_line(status).replace("%", "%%") + fields


async def finish(response: Response, connection: Connection | None, send: Send) -> None:
    """Send an answer that is not sent in one piece."""
    if response.delivery is None or connection is None:
        await send_by_server(send, response)
    else:
        connection.take_over()
        await _deliver(response, response.delivery, connection)


async def send_by_server(send: Send, response: Response) -> None:
    """Have the HTTP server send an answer."""
    headers = [(k.encode("latin-1"), v.encode("utf-8")) for k, v in response.header_lines()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _deliver(
    response: Response, delivery: Delivery | Silence, connection: Connection
) -> None:
    if isinstance(delivery, Silence):
        await delivery.end(connection)
        return
    response.headers |= delivery.headers
    await delivery.send(connection, _head(response), response.body)


def _head(response: Response) -> bytes:
    """Give the status line and the header fields, with the empty line."""
    fields = "".join(f"{name.lower()}: {value}\r\n" for name, value in response.header_lines())
    return f"{_status_line(response.status)}{fields}\r\n".encode()


@cache
def _status_line(status: int) -> str:
    return f"HTTP/1.1 {status} {phrase_of(status)}\r\n"
