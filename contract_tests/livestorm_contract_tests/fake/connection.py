"""A connection to the fake, for the requests of the suite's own.

Most of what a run sends are these, and reading their answers took http.client, which makes an
e-mail message of each, longer than the fake needs to give them.
"""

import socket
from dataclasses import dataclass

from httptools import HttpParserError, HttpResponseParser

_PIECE = 65536
_WITHOUT_BODY = (204, 304)
"""These end with their heads, as what answers HEAD does: RFC 9112, section 6.3."""


@dataclass(slots=True)
class Answer:
    """The answer to one request."""

    status: int = 0
    location: str | None = None
    body: bytes = b""
    is_whole: bool = False


class Connection:
    """One connection to `host:port`, opened when it is needed, for one thread."""

    def __init__(self, authority: str) -> None:
        self._authority = authority
        host, _, port = authority.rpartition(":")
        self._address = host.strip("[]"), int(port)
        self._socket: socket.socket | None = None

    def send(self, method: str, target: str, content: bytes | None, patience: float) -> Answer:
        """Send a request, its body JSON; `patience` is in seconds for each piece of the answer.

        Raises OSError; the next request then has a connection of its own.
        """
        try:
            request = _written(method, target, self._authority, content)
            return self._exchange(request, _Reading(method), patience)
        except BaseException:
            self.close()
            raise

    def _exchange(self, request: bytes, reading: "_Reading", patience: float) -> Answer:
        if self._socket is None or _is_over(self._socket):
            self.close()
            self._socket = socket.create_connection(self._address, patience)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(patience)
        self._socket.sendall(request)
        while not reading.answer.is_whole:
            if piece := self._socket.recv(_PIECE):
                reading.feed(piece)
            else:
                reading.end()
        if not reading.keeps_alive:
            self.close()
        return reading.answer

    def close(self) -> None:
        """Close it."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _is_over(kept: socket.socket) -> bool:
    """Tell whether a connection was closed meanwhile, as the fake closes what is idle for long."""
    kept.setblocking(False)
    try:
        kept.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _written(method: str, target: str, host: str, content: bytes | None) -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n"
    if content is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return head.encode("latin-1") + b"\r\n" + (content or b"")


class _Reading:
    """What the parser calls while an answer comes."""

    def __init__(self, method: str) -> None:
        self.answer = Answer()
        self.keeps_alive = False
        self._asks_for_head = method == "HEAD"
        self._parser = HttpResponseParser(self)
        self._is_last = False
        self._is_delimited = False
        self._ends_with_connection = False

    def feed(self, piece: bytes) -> None:
        """Take what came. Raises OSError where it is no answer."""
        try:
            self._parser.feed_data(piece)
        except HttpParserError as error:
            raise ConnectionAbortedError(f"the fake's answer can't be read: {error}") from None

    def end(self) -> None:
        """Take the end of the connection. Raises OSError where the answer is not whole."""
        if not self._ends_with_connection:
            raise ConnectionResetError("the fake closed the connection within an answer")
        self.on_message_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the one header that is asked for, and note what tells of the answer's end."""
        match name.lower():
            case b"location":
                self.answer.location = value.decode("latin-1")
            case b"content-length" | b"transfer-encoding":
                self._is_delimited = True
            case b"connection":
                self._is_last = value.lower() == b"close"

    def on_headers_complete(self) -> None:
        """Note whether the answer ends with its head, or with the connection only."""
        ends_here = self._asks_for_head or self._parser.get_status_code() in _WITHOUT_BODY
        self._ends_with_connection = not (self._is_delimited or ends_here)
        if self._asks_for_head:  # The parser does not know what was asked.
            self.on_message_complete()

    def on_body(self, data: bytes) -> None:
        """Keep the body."""
        self.answer.body += data

    def on_message_complete(self) -> None:
        """Note the end."""
        self.answer.status = self._parser.get_status_code()
        is_current = self._parser.get_http_version() == "1.1"
        self.keeps_alive = is_current and not (self._is_last or self._ends_with_connection)
        self.answer.is_whole = True
