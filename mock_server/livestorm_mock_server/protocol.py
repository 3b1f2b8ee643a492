"""HTTP/1.1 on the socket, with the limits and refusals of Puma, the recorded provider's server."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import httptools
import uvicorn.server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .connection import Connection
from .refusal import MOST_KEPT, ProtocolRefusal, read_refusal

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
_BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"

# The verbs of the parser; others are for Rails to refuse.
_PARSED_VERBS = frozenset(
    b"DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH"
    b" UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE"
    b" UNSUBSCRIBE PATCH PURGE MKCALENDAR LINK UNLINK SOURCE".split()
)

EXTENSION: Final = "livestorm_mock.connection"
"""The key of the scope under which the application finds the connection."""


class ServerState(uvicorn.server.ServerState):
    """What the connections of one server share; it is told of each refusal."""

    connection_count = 0

    def __init__(self, note_refusal: Callable[[ProtocolRefusal], None]) -> None:
        super().__init__()
        self.note_refusal = note_refusal


class Protocol(HttpToolsProtocol):
    """One connection."""

    server_state: ServerState
    _in_head = False
    _verb: str | None = None
    """The verb that the parser was not shown."""
    _held = b""
    """The beginning of a head; the parser is shown the whole of it."""
    _came = b""
    """The beginning of what came last between two requests."""
    _begun = 0
    """How many requests began in it."""
    _head_length = 0
    """In bytes, as far as the head has been read."""
    _refusal: ProtocolRefusal | None = None
    """What came that is no request; it is refused once those before it are answered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Number the connection."""
        super().connection_made(transport)
        self._connection = Connection(self.take_number(), transport, self.flow)

    def take_number(self) -> int | None:
        """Give the number of the connection."""
        self.server_state.connection_count += 1
        return self.server_state.connection_count

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that the client has left."""
        self._connection.gone.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, which may be more lenient than the parser is."""
        if self._refusal is not None:
            return
        data, self._held = self._held + data, b""
        between_requests = not self._in_head and not self._is_in_body
        if between_requests and _is_partial_head(data):
            self._held = data
            return
        if between_requests:
            self._came, self._begun = data[: 2 * MOST_KEPT], 0
            data = self._with_lenient_head(data)
        self._feed(data)

    @property
    def _is_in_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    def _with_lenient_head(self, data: bytes) -> bytes:
        match = _REQUEST_LINE.match(data)
        if match is None:
            return data
        head, end, body = data[match.end() :].partition(b"\r\n\r\n")
        # Puma ignores Upgrade; the parser would take it for the end of HTTP.
        head = _UPGRADE.sub(_HIDDEN_UPGRADE, head)
        return self._request_line(match) + head + end + body

    def _request_line(self, match: re.Match[bytes]) -> bytes:
        """Give a request line that the parser takes: of a known verb, the target in ASCII."""
        verb = match["verb"]
        self._verb = None if verb in _PARSED_VERBS else verb.decode()
        target = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], match["target"])
        return b"%s %s " % (b"POST" if self._verb else verb, target)

    def _feed(self, data: bytes) -> None:
        """Show the parser what came; refuse what is no request, and ignore Upgrade and CONNECT."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return
        except httptools.HttpParserError as error:
            self._refusal = self._read_refusal(error)
            if self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
                self._refuse(self._refusal)

    def _read_refusal(self, error: httptools.HttpParserError) -> ProtocolRefusal:
        """Tell what can be read of a request that is none: of one in its body, the whole head."""
        knows_target = self._begun > 0 and bool(self.url)
        told = self._verb or self.scope.get("method") if knows_target else ""
        return read_refusal(
            method=self.parser.get_method().decode() if told is None else told,
            target=self.url if knows_target else b"",
            headers=self.headers if knows_target else [],
            came=self._came if self._begun <= 1 else b"",
            reason=_reason_of(error),
            connection=self._connection,
            port=None if self.server is None else self.server[1],
            state=self.app_state,
        )

    def _refuse(self, refusal: ProtocolRefusal) -> None:
        """Answer what is no request, and end the connection."""
        if not self.transport.is_closing():
            self.logger.warning("what came is refused as no HTTP request: %s", refusal.reason)
            self.server_state.note_refusal(refusal)
            self.transport.write(_BAD_REQUEST)
            self.transport.close()

    def on_response_complete(self) -> None:
        """Go on with the next request, or refuse what followed."""
        super().on_response_complete()
        if self._refusal is not None and self.cycle.response_complete:
            self._refuse(self._refusal)

    def on_url(self, url: bytes) -> None:
        """Collect the request target. Raises ValueError, a refusal, where it is too long."""
        super().on_url(url)
        self._head_length = len(self.url)
        if len(self.url) > _MAX_TARGET:
            raise ValueError(f"the request target is longer than {_MAX_TARGET} bytes")
        if len(self.url.partition(b"?")[2]) > _MAX_QUERY:
            raise ValueError(f"the query string is longer than {_MAX_QUERY} bytes")

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._in_head = True
        self._begun += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer, under the verb that was sent."""
        self._in_head = False
        super().on_headers_complete()
        if self._verb is not None:
            self.scope["method"], self._verb = self._verb, None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header field. Raises ValueError, a refusal, where it is too long."""
        if len(name) > _MAX_FIELD_NAME:
            raise ValueError(f"the name of a header field is longer than {_MAX_FIELD_NAME} bytes")
        if len(value) > _MAX_FIELD_VALUE:
            raise ValueError(f"a header field is longer than {_MAX_FIELD_VALUE} bytes")
        self._head_length += len(name) + len(value)
        if self._head_length > _MAX_HEAD:
            raise ValueError(f"the head is longer than {_MAX_HEAD} bytes")
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


def _reason_of(error: httptools.HttpParserError) -> str:
    """Say what was wrong, without what came, which may hold a secret."""
    cause = error.__context__ or error
    is_told = cause is error or isinstance(cause, ValueError)
    return str(cause) if is_told else "the request target is no URL"


def _is_partial_head(data: bytes) -> bool:
    """Tell whether more must come before the parser can be shown a head, a sane one."""
    if len(data) > _MAX_HEAD or b"\r\n\r\n" in data:
        return False
    return _BEGUN.match(data) is not None
