"""What the server refuses before there is a request: what can be read of it, and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .connection import Connection

MOST_KEPT = 16 * 1024
"""Bytes that are kept of the target, of the header fields, and of what can't be read."""

_REQUEST_LINE = re.compile(rb"\A(?P<method>[A-Za-z$_\-]{1,20}) (?P<target>[^ \r\n]+) HTTP/")

Field = tuple[bytes, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtocolRefusal:
    """What came; `method` and `target` are empty where there is no request line to read."""

    method: str
    target: bytes
    headers: Sequence[Field]
    unread: bytes
    """What came instead of a request line."""
    reason: str
    connection: Connection
    port: int | None
    """The port of this machine at which it came."""
    state: Mapping[str, Any]
    """What the application finds in the scope of a request on this connection."""


def read_refusal(
    *,
    method: str,
    target: bytes,
    headers: Iterable[Field],
    came: bytes,
    reason: str,
    connection: Connection,
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
        reason=reason,
        connection=connection,
        port=port,
        state=state,
    )


def _first_fields(headers: Iterable[Field]) -> Sequence[Field]:
    kept: list[Field] = []
    left = MOST_KEPT
    for name, value in headers:
        left -= len(name) + len(value)
        if left < 0:
            break
        kept.append((name, value))
    return kept
