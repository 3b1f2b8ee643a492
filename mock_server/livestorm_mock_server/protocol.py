"""HTTP/1.1 on the socket, with the limits and refusals of Puma, the recorded provider's server."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .connection import Connection
from .flow_control import Flow
from .limits import LINGER
from .patterns import compile_late
from .refusal import Field, ProtocolRefusal, Refused, read_refusal
from .request_parser import RequestParser
from .server_state import Came, Finish, ServerState
from .tls.failures import LEFT_AFTER
from .tls.handshake import Handshake

log = logging.getLogger("livestorm_mock_server.exchanges")

_NOT_ASCII = compile_late(rb"[\x80-\xff]")

EXTENSION: Final = "livestorm_mock.connection"
"""The key of the scope under which the application finds the connection."""


class Protocol(HttpToolsProtocol):
    """One connection; as in Puma, a request is read once those before it are answered."""

    server_state: ServerState
    parser: RequestParser  # type: ignore[assignment]  # instead of the one from httptools
    _in_head = False
    _in_body = False
    _body_length = 0
    handshake: Handshake | None = None
    """The TLS handshake before it, as long as nothing has come."""
    forwarded: tuple[str, bytes] | None = None
    """The URL's scheme and the head of a request that came by way of a proxy."""
    _refusal: ProtocolRefusal | None = None
    """What came that is no request."""
    _timer: asyncio.TimerHandle | None = None
    _is_ending = False
    """Whether the server ends the connection."""
    _is_first = True
    """Whether no request was answered at once."""
    _is_idle = False
    """Whether the timer waits for the end of a pause between requests."""
    _idle_since = 0.0
    """By the loop's time, when a request was answered at once."""
    _finish: Finish | None = None
    """What sends the answer to the request that is read next, where it is decided."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.parser = RequestParser(self)
        self.url, self.headers = b"", []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Number the connection, and wait for its first request."""
        super().connection_made(transport)
        self.flow = Flow(transport, self.parser)
        self._connection = Connection(
            self.take_number(), transport, self.flow, self._answer_at_once
        )
        self._set_timer()
        if self.forwarded is not None:
            self.scheme = "https" if self.forwarded[0] == "https" else "http"
        port = None if self.server is None else self.server[1]
        self._came = Came(self.scheme or "http", port, self.app_state)
        if self.forwarded is not None:
            self.data_received(self.forwarded[1])

    @property
    def connection(self) -> Connection:
        """What the application has for this connection."""
        return self._connection

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
        if self._refusal is not None or self._is_ending:
            return
        if self._is_unfinished:
            self._refusal = self._read_refusal("the client left before its request was whole")
            self._note(self._refusal)
        elif self.handshake is not None:
            self.handshake.fail(LEFT_AFTER)
            self.handshake = None

    def shutdown(self) -> None:
        """End the connection, once what runs is answered."""
        self._is_ending = True
        if not self.transport.is_closing():
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Read what came; refuse what is no request."""
        if self._refusal is not None:
            return
        if self.handshake is not None:
            self.handshake.go_on(self._connection)
            self.handshake = None
        if self._answer_whole(data):
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except Refused as error:
            self._refuse_because(str(error), error.status)
        if self.parser.is_full:
            self.flow.pause_reading()
        self._set_timer()

    def _answer_whole(self, data: bytes) -> bool:
        """Answer a request that came in one piece, as most do, where nothing has to be waited for.

        False leaves it to be read and answered step by step, to the same end.
        """
        if self.flow.write_paused or self.access_log or self.transport.is_closing():
            return False
        whole = self.parser.take_whole(data)
        if whole is None:
            return False
        head, body = whole
        most = self.server_state.limits.body
        if most is not None and len(body) > most:
            return False
        answer = self.server_state.answer_whole(head, body, self._connection, self._came)
        if not isinstance(answer, bytes):
            self._finish = answer
            return False
        self.transport.write(answer)
        self._go_on_after_whole(head.keeps_alive)
        return True

    def _go_on_after_whole(self, keeps_alive: bool) -> None:
        self.server_state.total_requests += 1
        if not keeps_alive:
            self.parser.end()
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if not self._is_idle:
            self._unset_timer()
            self._unset_keepalive_if_required()
            self._is_first, self._is_idle = False, True
            self._timer = self.loop.call_later(self.timeout_keep_alive, self._end_if_idle)

    def _end_if_idle(self) -> None:
        """End a connection on which nothing has come for long.

        A timer for each request that is answered at once would take longer than to look here.
        """
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._end_if_idle)
        elif not self.transport.is_closing():
            self.transport.close()

    @property
    def _is_answered(self) -> bool:
        """Whether the request whose body comes has an answer already, or its beginning."""
        return self._in_body and self.cycle.response_started

    @property
    def _is_unfinished(self) -> bool:
        """Whether more must come of a request that is to be answered."""
        return self._in_head or (self._in_body and not self._is_answered)

    def _refuse_because(self, reason: str, status: int | None = 400) -> None:
        """Refuse what came; the first reason holds."""
        if self._refusal is None:
            self._refusal = self._read_refusal(reason, status)
            self._refuse(self._refusal)

    def _read_refusal(self, reason: str, status: int | None = None) -> ProtocolRefusal:
        """Tell what can be read of a request that is none: of one in its body, the whole head."""
        return read_refusal(
            method=self.parser.get_method().decode(),
            target=self.url,
            headers=self.headers,
            came=self.parser.unread,
            status=status,
            reason=reason,
            connection=self._connection,
            scheme=self.scheme or "http",
            port=None if self.server is None else self.server[1],
            state=self.app_state,
        )

    def _note(self, refusal: ProtocolRefusal) -> None:
        log.warning("a request was not taken: %s", refusal.reason)
        self.server_state.note_refusal(refusal)

    def _refuse(self, refusal: ProtocolRefusal) -> None:
        """Answer what is no request, unless it is answered already, and end the connection."""
        if self.transport.is_closing():
            return
        if not self._is_answered:
            self._note(refusal)
            self.transport.write(refusal.answer)
        if self._in_body:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
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
        is_first = self._is_first and self.cycle is None
        seconds = self.server_state.limits.seconds
        if seconds is not None and (is_first or self._in_head or self._in_body):
            self._timer = self.loop.call_later(seconds, self._time_out, seconds)

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._is_idle = None, False

    def _time_out(self, seconds: float) -> None:
        """Give up a request that is not whole, as Puma does: one in its body gets a 408."""
        if self.transport.is_closing():
            return
        if not self._is_unfinished:
            self._is_ending = True
            self.transport.close()
        else:
            reason = f"the request was not whole, and nothing more came for {seconds:g} seconds"
            self._refuse_because(reason, 408 if self._in_body else None)

    def on_response_complete(self) -> None:
        """Go on with what followed."""
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self.parser.release() or self._in_body:
            self.data_received(b"")
        self.flow.resume_reading()

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._in_head, self._body_length = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer what was sent. Raises Refused for too long a body."""
        self._in_head = False
        self._check_body_length(self.parser.body_size)
        self.expect_100_continue = self.parser.expects_continue
        self._begin_cycle()
        self._in_body = True

    def _begin_cycle(self) -> None:
        """Let uvicorn begin, which reads targets and options in its own way."""
        target, self.url = self.url, b"/"
        super().on_headers_complete()
        self.url = target
        path = self.parser.path
        self.scope["path"] = (unquote_to_bytes(path) if b"%" in path else path).decode(
            "utf-8", "replace"
        )
        self.scope["raw_path"] = _in_ascii(self.parser.path)
        self.scope["query_string"] = _in_ascii(self.parser.query)
        self.cycle.keep_alive = self.parser.should_keep_alive()

    def _answer_at_once(self, head: bytes, body: bytes) -> bool:
        """Send an answer in one piece, as most are; False leaves it to uvicorn."""
        cycle = self.cycle
        is_slow = self.flow.write_paused or self.transport.is_closing()
        if is_slow or cycle.disconnected or cycle.response_started or self.access_log:
            return False
        for name, value in _with_persistence(cycle, ()):
            head += b"%b: %b\r\n" % (name, value)
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        self.transport.write(b"%b\r\n%b" % (head, body))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body. Raises Refused where it is too long."""
        self._body_length += len(body)
        self._check_body_length(self._body_length)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole, and read none behind it until it is answered."""
        self._in_body = False
        if not self.cycle.response_complete:
            self.parser.hold()
        super().on_message_complete()

    def _check_body_length(self, length: int) -> None:
        most = self.server_state.limits.body
        if most is not None and length > most:
            raise Refused(f"the body is longer than {most} bytes", status=413)

    # Private, as uvicorn has no hook where both the scope and the transport are at hand;
    # `uvicorn_hooks.py` tries at each start whether it is called.
    # https://github.com/encode/uvicorn/blob/master/uvicorn/protocols/http/httptools_impl.py
    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Any]) -> None:
        cycle.scope[EXTENSION] = self._connection  # type: ignore[typeddict-unknown-key]
        finish, self._finish = self._finish, None
        answer = app if finish is None else finish

        async def run(scope: Any, receive: Any, send: Any) -> None:
            async def send_while_open(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = _with_persistence(cycle, message["headers"])
                cycle.disconnected = cycle.disconnected or self.transport.is_closing()
                await send(message)

            try:
                await answer(scope, receive, send_while_open)
            except asyncio.CancelledError:
                # The server ends; what it gives up is no failure.
                cycle.disconnected = True
            # uvicorn must not answer what was answered by hand.
            cycle.disconnected = cycle.disconnected or self._connection.taken_over

        super()._start_asgi_task(cycle, run)


def _with_persistence(cycle: RequestResponseCycle, headers: Iterable[Field]) -> list[Field]:
    """Say whether the connection goes on, where HTTP's version does not, and nobody has said it.

    uvicorn does so only since 0.53, and not for HTTP/1.0.
    https://www.rfc-editor.org/rfc/rfc9112#section-9.3
    """
    fields = [*headers]
    if any(name.lower() == b"connection" for name, _ in fields):
        return fields
    if not cycle.keep_alive:
        return [*fields, (b"connection", b"close")]
    is_old = cycle.scope["http_version"] != "1.1"
    return [*fields, (b"connection", b"keep-alive")] if is_old else fields


def _in_ascii(target: bytes) -> bytes:
    """Encode what a URL has no characters for, as Rails reads it anyway."""
    return (
        target if target.isascii() else _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], target)
    )
