"""What the server refuses before there is a request: what can be read of it, and why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from .connection import Connection
from .patterns import compile_late

MOST_KEPT = 16 * 1024
"""Bytes that are kept of the target, of the header fields, and of what can't be read."""

# More lenient than what is taken: of a line that is refused, too, verb and target are told.
_REQUEST_LINE = compile_late(rb"(?P<method>[A-Za-z0-9$\-._]{1,20}) (?P<target>[^ \r\n]+) HTTP/")

# Of a client that speaks something else, its first bytes, and what to tell.
_OTHER_PROTOCOLS = (
    # https://www.rfc-editor.org/rfc/rfc8446#section-5.1
    (
        b"\x16",
        "a TLS handshake came where only HTTP is spoken: is the URL's scheme https? With --tls,"
        " both are",
    ),
    # https://www.rfc-editor.org/rfc/rfc9113#section-3.4
    (b"PRI * HTTP/2.0\r\n", "HTTP/2 came, and HTTP/1.1 is spoken here, as by Puma"),
)

_CLOSES = b"Connection: close\r\n\r\n"
_ANSWERS = {
    400: b"HTTP/1.1 400 Bad Request\r\n" + _CLOSES,
    408: b"HTTP/1.1 408 Request Timeout\r\n" + _CLOSES,
    413: b"HTTP/1.1 413 Payload Too Large\r\n" + _CLOSES,
    500: b"HTTP/1.1 500 Internal Server Error\r\n" + _CLOSES,
    501: b"HTTP/1.1 501 Not Implemented\r\n" + _CLOSES,
}

Field = tuple[bytes, bytes]


class Refused(ValueError):
    """What came is refused with `status`, and told why."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class ProtocolRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """What came; `method` and `target` are empty where there is no request line to read."""

    method: str
    target: bytes
    headers: Sequence[Field]
    unread: bytes
    """What came instead of a request line."""
    status: int | None
    """None where the connection is ended without an answer."""
    reason: str
    connection: Connection | None
    """None where a proxy refused it."""
    scheme: str
    port: int | None
    """The port of this machine at which it came."""
    state: Mapping[str, Any]
    """What the application finds in the scope of a request on this connection."""

    @property
    def answer(self) -> bytes:
        """What is sent."""
        return b"" if self.status is None else _ANSWERS[self.status]


def read_refusal(
    *,
    method: str,
    target: bytes,
    headers: Iterable[Field],
    came: bytes,
    status: int | None,
    reason: str,
    connection: Connection,
    scheme: str,
    port: int | None,
    state: Mapping[str, Any],
) -> ProtocolRefusal:
    """Keep what the parser knows, or else what a request line in `came` tells, within bounds."""
    line = None if target else _REQUEST_LINE.match(came)
    if line is not None:
        method, target = line["method"].decode(), line["target"]
    return ProtocolRefusal(
        method=method,
        target=target[:MOST_KEPT],
        headers=_first_fields(headers),
        unread=b"" if target else came[:MOST_KEPT],
        status=status,
        reason=_name_other_protocol(came) or reason,
        connection=connection,
        scheme=scheme,
        port=port,
        state=state,
    )


def _name_other_protocol(came: bytes) -> str | None:
    return next((told for bytes_, told in _OTHER_PROTOCOLS if came.startswith(bytes_)), None)


def _first_fields(headers: Iterable[Field]) -> Sequence[Field]:
    kept: list[Field] = []
    left = MOST_KEPT
    for name, value in headers:
        left -= len(name) + len(value)
        if left < 0:
            break
        kept.append((name, value))
    return kept
