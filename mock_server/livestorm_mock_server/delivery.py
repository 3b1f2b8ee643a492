"""Ways to bring an answer to the client, other than the HTTP server's own."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from .connection import Connection
from .patterns import compile_late

# A client that is not told keeps the connection, and its next request fails, which is a fault of
# its own (`stale_keep_alive`). https://www.rfc-editor.org/rfc/rfc9112#section-9.6
_ENDS = {"Connection": "close"}

_CONTENT_LENGTH = compile_late(rb"(?i)\r\ncontent-length:[^\r\n]*(?=\r\n)")


class Delivery(msgspec.Struct, frozen=True):
    """An answer that is sent by hand."""

    send: Callable[[Connection, bytes, bytes], Awaitable[None]]
    """Sends what is to be sent of the head and the body, and ends the connection.

    The head is the status line and the header fields, with the empty line.
    """
    headers: Mapping[str, str] = msgspec.field(default_factory=_ENDS.copy)
    """What the answer's head says beside: that the connection is closed after it."""


class Silence(msgspec.Struct, frozen=True):
    """An answer of which no byte reaches the client."""

    end: Callable[[Connection], Awaitable[None]]
    """Ends the connection."""


def without_length(head: bytes, instead: bytes = b"") -> bytes:
    """Take `Content-Length` out of a head and put a field line in its place."""
    return _CONTENT_LENGTH.sub(b"", head).removesuffix(b"\r\n") + instead + b"\r\n"
