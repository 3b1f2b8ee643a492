"""HTTP/1.1 on the socket, with the limits and refusals of Puma, the recorded provider's server."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import uvicorn.server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .connection import Connection

# Puma's limits in bytes; what is longer is no request.
# https://github.com/puma/puma/blob/master/ext/puma_http11/puma_http11.c
_MAX_TARGET: Final = 12 * 1024
_MAX_QUERY: Final = 10 * 1024
_MAX_FIELD_NAME: Final = 256
_MAX_FIELD_VALUE: Final = 80 * 1024
_MAX_HEAD: Final = 112 * 1024

_REQUEST_LINE = re.compile(
    rb"\A(?P<verb>[A-Z$_\-]{1,20}) (?P<target>[^ \r\n]+) (?=HTTP/1\.[01]\r\n)"
)
_BEGUN = re.compile(rb"\A[A-Z$_\-]{1,20}(?: [^\r\n]*(?:\r\n|\r?\Z)|\Z)")
"""What may become a request: a verb, a target, no other line's end than HTTP's."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_UPGRADE = re.compile(rb"(?i)\r\nupgrade:")
_HIDDEN_UPGRADE = b"\r\nx-livestorm-mock-upgrade:"
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"

# The verbs of the parser; others are for Rails to refuse.
_PARSED_VERBS = frozenset(
    b"DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH"
    b" UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE"
    b" UNSUBSCRIBE PATCH PURGE MKCALENDAR LINK UNLINK SOURCE".split()
)

EXTENSION: Final = "livestorm_mock.connection"
"""The key of the scope under which the application finds the connection."""


class ServerState(uvicorn.server.ServerState):
    """What the connections of one server share."""

    connection_count = 0


class Protocol(HttpToolsProtocol):
    """One connection."""

    server_state: ServerState
    _in_head = False
    _verb: str | None = None
    """The verb that the parser was not shown."""
    _held = b""
    """The beginning of a head; the parser is shown the whole of it."""
    _refuses = False
    """What came is no request, and is refused once those before it are answered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Number the connection."""
        super().connection_made(transport)
        self.server_state.connection_count += 1
        number = self.server_state.connection_count
        self._connection = Connection(number, transport, self.flow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that the client has left."""
        self._connection.gone.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, which may be more lenient than the parser is."""
        if self._refuses:
            return
        data, self._held = self._held + data, b""
        in_body = self.cycle is not None and self.cycle.more_body
        between_requests = not self._in_head and not in_body
        if between_requests and _is_partial_head(data):
            self._held = data
            return
        match = _REQUEST_LINE.match(data) if between_requests else None
        if match is not None:
            head, end, body = data[match.end() :].partition(b"\r\n\r\n")
            # Puma ignores Upgrade; the parser would take it for the end of HTTP.
            head = _UPGRADE.sub(_HIDDEN_UPGRADE, head)
            data = self._request_line(match) + head + end + body
        super().data_received(data)

    def _request_line(self, match: re.Match[bytes]) -> bytes:
        """Give a request line that the parser takes: of a known verb, the target in ASCII."""
        verb = match["verb"]
        self._verb = None if verb in _PARSED_VERBS else verb.decode()
        target = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], match["target"])
        return b"%s %s " % (b"POST" if self._verb else verb, target)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, after the answers to those before it."""
        self._refuses = True
        if self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
            self.transport.write(_BAD_REQUEST)
            self.transport.close()

    def on_response_complete(self) -> None:
        """Go on with the next request, or refuse what followed."""
        super().on_response_complete()
        if self._refuses and self.cycle.response_complete:
            self.send_400_response("")

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: uvicorn would advise to install what the fake has no use for."""

    def on_url(self, url: bytes) -> None:
        """Collect the request target. Raises ValueError, a refusal, where it is too long."""
        super().on_url(url)
        if len(self.url) > _MAX_TARGET or len(self.url.partition(b"?")[2]) > _MAX_QUERY:
            raise ValueError("the request target is too long")

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer, under the verb that was sent."""
        self._in_head = False
        super().on_headers_complete()
        if self._verb is not None:
            self.scope["method"], self._verb = self._verb, None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header field. Raises ValueError, a refusal, where it is too long."""
        if len(name) > _MAX_FIELD_NAME or len(value) > _MAX_FIELD_VALUE:
            raise ValueError("a header field is too long")
        hidden = name.lower() == _HIDDEN_UPGRADE.strip(b"\r\n:")
        super().on_header(b"upgrade" if hidden else name, value)

    # Private, as uvicorn has no hook where both the scope and the transport are at hand.
    # https://github.com/encode/uvicorn/blob/master/uvicorn/protocols/http/httptools_impl.py
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Any]) -> None:
        cycle.scope[EXTENSION] = self._connection  # type: ignore[typeddict-unknown-key]

        async def run(scope: Any, receive: Any, send: Any) -> None:
            async def send_while_open(message: Any) -> None:
                # uvicorn tells the last of pipelined requests only that the connection is gone.
                cycle.disconnected = cycle.disconnected or self.transport.is_closing()
                await send(message)

            try:
                await app(scope, receive, send_while_open)
            except asyncio.CancelledError:
                # The server ends; what it gives up is no failure.
                cycle.disconnected = True
            # uvicorn must not answer what was answered by hand.
            cycle.disconnected = cycle.disconnected or self._connection.taken_over

        super()._start_asgi_task(cycle, run)


def _is_partial_head(data: bytes) -> bool:
    """Tell whether more must come before the parser can be shown a head, a sane one."""
    if len(data) > _MAX_HEAD or b"\r\n\r\n" in data:
        return False
    return _BEGUN.match(data) is not None
