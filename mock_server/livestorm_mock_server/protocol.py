"""HTTP/1.1 on the socket, with the limits and refusals of Puma, the recorded provider's server."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import httptools
import uvicorn.server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .connection import Connection
from .limits import (
    LINGER,
    MAX_CHUNK_HEADER,
    MAX_FIELD_NAME,
    MAX_FIELD_VALUE,
    MAX_HEAD,
    MAX_QUERY,
    MAX_TARGET,
    Limits,
)
from .persistence import is_last, with_close
from .refusal import MOST_KEPT, ProtocolRefusal, Refused, read_refusal

_REQUEST_LINE = re.compile(
    rb"\A(?P<verb>[A-Z$_\-]{1,20}) (?P<target>[^ \r\n]+) (?=HTTP/1\.[01]\r\n)"
)
_BEGUN = re.compile(rb"\A[A-Z$_\-]{1,20}(?: [^\r\n]*(?:\r\n|\r?\Z)|\Z)")
"""What may become a request: a verb, a target, no other line's end than HTTP's."""
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_UPGRADE = re.compile(rb"(?i)\r\nupgrade:")
_HIDDEN_UPGRADE = b"\r\nx-livestorm-mock-upgrade:"

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

    def __init__(self, note_refusal: Callable[[ProtocolRefusal], None], limits: Limits) -> None:
        super().__init__()
        self.note_refusal = note_refusal
        self.limits = limits


class Protocol(HttpToolsProtocol):
    """One connection."""

    server_state: ServerState
    _in_head = False
    _in_body = False
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
    _body_length = 0
    _unread = 0
    """Bytes since the parser found the last element of a request."""
    _running: RequestResponseCycle | None = None
    """The request that is being answered."""
    _refusal: ProtocolRefusal | None = None
    """What came that is no request; it is refused once those before it are answered."""
    _timer: asyncio.TimerHandle | None = None
    _is_ending = False
    """Whether the server ends."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Number the connection, and wait for its first request."""
        super().connection_made(transport)
        self._connection = Connection(self.take_number(), transport, self.flow)
        self._set_timer()

    def take_number(self) -> int | None:
        """Give the number of the connection."""
        self.server_state.connection_count += 1
        return self.server_state.connection_count

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that the client has left."""
        self._unset_timer()
        self._note_unfinished()
        self._connection.gone.set()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Note what the client leaves unfinished, before it sees the end of the connection."""
        self._note_unfinished()

    def _note_unfinished(self) -> None:
        if self._is_unfinished and self._refusal is None and not self._is_ending:
            self._refusal = self._read_refusal("the client left before its request was whole")
            self._note(self._refusal)

    def shutdown(self) -> None:
        """End the connection, once what runs is answered."""
        self._is_ending = True
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Parse what came, which may be more lenient than the parser is."""
        if self._refusal is not None:
            return
        self._unset_keepalive_if_required()
        data, self._held = self._held + data, b""
        if self._in_head or self._in_body:
            self._feed(data)
        elif _is_partial_head(data):
            self._held = data
        else:
            self._came, self._begun = data[: 2 * MOST_KEPT], 0
            self._feed_head(data)
        self._set_timer()

    @property
    def _is_unfinished(self) -> bool:
        """Whether more must come of a request that is to be answered."""
        is_answered = self.cycle is not None and self.cycle.response_complete
        return bool(self._held) or self._in_head or (self._in_body and not is_answered)

    @property
    def _is_due(self) -> bool:
        """Whether all requests before the last one are answered."""
        is_its_own = self._in_body and self._running is self.cycle
        return not self.pipeline and (self._running is None or is_its_own)

    def _feed_head(self, data: bytes) -> None:
        """Show the parser a head and what follows; of one that is too long, what may be read."""
        length = data.find(b"\r\n\r\n") + 4
        if _BEGUN.match(data) is None or 4 <= length <= MAX_HEAD:
            self._feed(self._with_lenient_head(data))
            return
        self._feed(data[:MAX_HEAD])
        self._refuse_because(f"the head is longer than {MAX_HEAD} bytes")

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
        self._unread += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return
        except httptools.HttpParserError as error:
            cause = error.__context__
            status = cause.status if isinstance(cause, Refused) else 400
            self._refuse_because(_reason_of(error), status)
        most = MAX_CHUNK_HEADER if self._in_body else MAX_FIELD_VALUE
        if self._unread > most and (self._in_head or self._in_body):
            what = "the head of a chunk" if self._in_body else "a header field"
            self._refuse_because(f"{what} is longer than {most} bytes")

    def _refuse_because(self, reason: str, status: int | None = 400) -> None:
        """Refuse what came, at once or in its turn; the first reason holds."""
        if self._refusal is not None:
            return
        self._refusal = self._read_refusal(reason, status)
        if self._in_body and self._running is not self.cycle:
            self.pipeline.popleft()  # It waits for its turn, which never comes.
        if self._is_due:
            self._refuse(self._refusal)

    def _read_refusal(self, reason: str, status: int | None = None) -> ProtocolRefusal:
        """Tell what can be read of a request that is none: of one in its body, the whole head."""
        knows_target = self._begun > 0 and bool(self.url) and not self._held
        told = self._verb or self.scope.get("method") if knows_target else ""
        return read_refusal(
            method=self.parser.get_method().decode() if told is None else told,
            target=self.url if knows_target else b"",
            headers=self.headers if knows_target else [],
            came=self._held or (self._came if self._begun <= 1 else b""),
            status=status,
            reason=reason,
            connection=self._connection,
            port=None if self.server is None else self.server[1],
            state=self.app_state,
        )

    def _note(self, refusal: ProtocolRefusal) -> None:
        self.logger.warning("a request was not taken: %s", refusal.reason)
        self.server_state.note_refusal(refusal)

    def _refuse(self, refusal: ProtocolRefusal) -> None:
        """Answer what is no request, and end the connection."""
        if self.transport.is_closing():
            return
        self._note(refusal)
        if self._in_body and self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(refusal.answer)
        if refusal.answer and self.transport.can_write_eof():
            self.transport.write_eof()
            self.flow.resume_reading()
            self._unset_timer()
            self._timer = self.loop.call_later(LINGER, self.transport.close)
        else:
            self.transport.close()

    def _set_timer(self) -> None:
        """Count anew the seconds for which nothing may come of an unfinished request."""
        if self._refusal is not None:
            return
        self._unset_timer()
        is_first = self.cycle is None
        seconds = self.server_state.limits.seconds
        if seconds is not None and (is_first or self._held or self._in_head or self._in_body):
            self._timer = self.loop.call_later(seconds, self._time_out, seconds)

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self, seconds: float) -> None:
        """Give up a request that is not whole, as Puma does: one in its body gets a 408."""
        if not self._is_unfinished:
            self.transport.close()
        elif not self._is_due:
            self._set_timer()
        else:
            reason = f"the request was not whole, and nothing more came for {seconds:g} seconds"
            self._refuse_because(reason, 408 if self._in_body else None)

    def on_response_complete(self) -> None:
        """Go on with the next request, or refuse what followed."""
        self._running = None
        super().on_response_complete()
        if self._refusal is not None and self._is_due:
            self._refuse(self._refusal)

    def on_url(self, url: bytes) -> None:
        """Collect the request target. Raises ValueError, a refusal, where it is too long."""
        super().on_url(url)
        self._unread = 0
        self._head_length = len(self.url)
        if len(self.url) > MAX_TARGET:
            raise Refused(f"the request target is longer than {MAX_TARGET} bytes")
        if len(self.url.partition(b"?")[2]) > MAX_QUERY:
            raise Refused(f"the query string is longer than {MAX_QUERY} bytes")

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._in_head, self._body_length = True, 0
        self._begun += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer, under the verb that was sent. Raises Refused for too long a body."""
        self._in_head, self._unread = False, 0
        length = next((value for name, value in self.headers if name == b"content-length"), b"0")
        self._check_body_length(int(length))
        super().on_headers_complete()
        self._in_body = True
        if self._verb is not None:
            self.scope["method"], self._verb = self._verb, None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header field, but no trailer, as Puma. Raises Refused where it is too long."""
        self._unread = 0
        if len(name) > MAX_FIELD_NAME:
            raise Refused(f"the name of a header field is longer than {MAX_FIELD_NAME} bytes")
        if len(value) > MAX_FIELD_VALUE:
            raise Refused(f"a header field is longer than {MAX_FIELD_VALUE} bytes")
        self._head_length += len(name) + len(value)
        if self._head_length > MAX_HEAD:
            raise Refused(f"the head is longer than {MAX_HEAD} bytes")
        if not self._in_body:
            hidden = name.lower() == _HIDDEN_UPGRADE.strip(b"\r\n:")
            super().on_header(b"upgrade" if hidden else name, value)

    def on_chunk_header(self) -> None:
        """Note that a chunk has begun."""
        self._unread = 0

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body. Raises Refused where it is too long."""
        self._unread = 0
        self._body_length += len(body)
        self._check_body_length(self._body_length)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._in_body = False
        super().on_message_complete()

    def _check_body_length(self, length: int) -> None:
        most = self.server_state.limits.body
        if most is not None and length > most:
            raise Refused(f"the body is longer than {most} bytes", status=413)

    # Private, as uvicorn has no hook where both the scope and the transport are at hand;
    # `uvicorn_hooks.py` tries at each start whether it is called.
    # https://github.com/encode/uvicorn/blob/master/uvicorn/protocols/http/httptools_impl.py
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Any]) -> None:
        self._running = cycle
        cycle.scope[EXTENSION] = self._connection  # type: ignore[typeddict-unknown-key]
        cycle.keep_alive = not is_last(cycle.scope)

        async def run(scope: Any, receive: Any, send: Any) -> None:
            async def send_while_open(message: Any) -> None:
                # uvicorn tells the last of pipelined requests only that the connection is gone.
                cycle.disconnected = cycle.disconnected or self.transport.is_closing()
                if message["type"] == "http.response.start" and not cycle.keep_alive:
                    message["headers"] = with_close(message["headers"])
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
    is_told = cause is error or isinstance(cause, Refused)
    return str(cause) if is_told else "the request target is no URL"


def _is_partial_head(data: bytes) -> bool:
    """Tell whether more must come before the parser can be shown a head, a sane one."""
    if len(data) > MAX_HEAD or b"\r\n\r\n" in data:
        return False
    return _BEGUN.match(data) is not None
