"""A parser of requests that come one after the other, as strict and as lenient as Puma's."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from .limits import MAX_AHEAD, MAX_HEAD
from .message_body import Body, SizedBody, body_of
from .refusal import Refused
from .request_head import (
    SHORT_HEAD,
    RequestLine,
    check_field_begun,
    check_request_line_begun,
    locate,
    read_field,
    read_request_line,
    read_whole_head,
    value_of,
)

_HTTP_2 = b"PRI * HTTP/2.0"


_KNOWN_HEADS: Final = 32
"""Heads that are remembered: most clients have one for all requests to an endpoint, or few."""


class WholeHead(msgspec.Struct, frozen=True, eq=False):
    """A head that is as most are, the same for all requests that have it."""

    line: RequestLine
    fields: tuple[tuple[bytes, bytes], ...]
    """Names in lower case, and values."""
    body_size: int
    keeps_alive: bool


class Events(Protocol):
    """Who is told of what has been read, in this order; `on_body` for each piece of it."""

    def on_message_begin(self) -> None: ...
    def on_url(self, url: bytes) -> None: ...
    def on_header(self, name: bytes, value: bytes) -> None: ...
    def on_headers_complete(self) -> None: ...
    def on_body(self, body: bytes) -> None: ...
    def on_message_complete(self) -> None: ...


class RequestParser:
    """Reads the requests of one connection; has the interface of httptools' parser.

    What is no request is Refused, and so is what whoever is told does not take; nothing is read
    after it, nor after a request that ends the connection.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._buffer = bytearray()
        self._seen = 0
        """Bytes in the buffer that belong to a line without an end so far, and are right."""
        self._begun = False
        self._head_length = 0
        """Bytes of the lines that have been read."""
        self._line: RequestLine | None = None
        self._fields: dict[bytes, list[bytes]] = {}
        self._body: Body | None = None
        self._is_over = False
        self._is_held = False
        self._unreadable = b""
        """A request line that is none, with its end."""
        self.path = b""
        self.query = b""

    def feed_data(self, data: bytes) -> None:
        """Read on. Raises Refused."""
        if self._is_over:
            return
        try:
            if self._begun or self._buffer or self._is_held or not self._read_whole(data):
                self._buffer += data
            while self._read_on():
                pass
        except Refused:
            self._is_over = True
            raise

    def take_whole(self, data: bytes) -> tuple[WholeHead, bytes] | None:
        """Read a request that comes in one piece with nothing behind it, as most do.

        None leaves it to `feed_data`, as nothing has been read then.
        """
        if self._begun or self._buffer or self._is_held or self._is_over:
            return None
        end = data.find(b"\r\n\r\n") + 4
        head = _read_whole_head(data[: end - 2]) if 4 <= end <= SHORT_HEAD else None
        if head is None or head.body_size != len(data) - end:
            return None
        return head, data[end:]

    def hold(self) -> None:
        """Read no further request until `release`; what comes of it is kept."""
        self._is_held = True

    def release(self) -> bool:
        """Let the next request be read by `feed_data`; tell whether some of it has come."""
        self._is_held = False
        return bool(self._buffer)

    def end(self) -> None:
        """Read nothing more."""
        self._is_over = True

    @property
    def is_full(self) -> bool:
        """Tell whether enough is kept."""
        return self._is_held and len(self._buffer) > MAX_AHEAD

    def get_method(self) -> bytes:
        """Give the method of the request."""
        return b"" if self._line is None else self._line.method.encode()

    def get_http_version(self) -> str:
        """Give the version of HTTP; what is not 1.1 to the letter, Puma treats as 1.0."""
        return "" if self._line is None else self._line.version

    def should_keep_alive(self) -> bool:
        """Tell whether the connection goes on: each version has its default, and one option."""
        return _keeps_alive(self.get_http_version(), self._fields)

    def should_upgrade(self) -> bool:
        """Tell that no request for another protocol is heard."""
        return False

    @property
    def body_size(self) -> int:
        """Bytes of the body, as far as the head tells them."""
        return 0 if self._body is None else self._body.size

    @property
    def expects_continue(self) -> bool:
        """Tell whether the client waits until it is told to send the body."""
        return value_of(self._fields, b"expect") == b"100-continue"

    @property
    def unread(self) -> bytes:
        """What has come and could not be read."""
        return self._unreadable + self._buffer

    def _read_on(self) -> bool:
        """Read a line or a piece of a body; tell whether there was one."""
        if self._body is not None:
            return self._read_body(self._body)
        if not self._buffer or self._is_over or self._is_held:
            return False
        if not self._begun:
            self._begin()
        line = self._take_line()
        if line is None:
            return False
        if self._line is None:
            self._read_request_line(line)
        elif line:
            self._read_field(line)
        else:
            self._end_head()
        return True

    def _read_whole(self, data: bytes) -> bool:
        """Read a head that comes in one piece, as most do, and keep the rest.

        False leaves it to be read line by line, to the same end. Raises Refused.
        """
        end = data.find(b"\r\n\r\n") + 2
        read = None if end < 2 else read_whole_head(data[:end])
        if read is None:
            return False
        self._begin()
        self._line, fields = read
        self._events.on_url(self._line.target)
        for name, value in fields:
            self._fields.setdefault(name.lower(), []).append(value)
            self._events.on_header(name, value)
        self._buffer += data[end + 2 :]
        self._end_head()
        return True

    def _begin(self) -> None:
        self._begun, self._head_length, self._line, self._fields = True, 0, None, {}
        self._events.on_message_begin()

    def _take_line(self) -> bytes | None:
        """Take a line that has an end. Raises Refused for what can be none, or is too long."""
        end = self._buffer.find(b"\r\n", max(self._seen - 1, 0))
        length = len(self._buffer) if end < 0 else end + 2
        if self._head_length + length > MAX_HEAD:
            raise Refused(f"the head is longer than {MAX_HEAD} bytes")
        if end < 0:
            self._check_begun()
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[:length]
        self._head_length += length
        self._seen = 0
        return line

    def _check_begun(self) -> None:
        if self._line is None:
            check_request_line_begun(self._buffer)
        else:
            check_field_begun(self._buffer, self._seen)
        self._seen = len(self._buffer)

    def _read_request_line(self, line: bytes) -> None:
        self._unreadable = line + b"\r\n"
        if line == _HTTP_2:
            raise Refused("the preface of HTTP/2")
        self._line = read_request_line(line)
        self._unreadable = b""
        self._events.on_url(self._line.target)
        self.path, self.query = self._line.path, self._line.query

    def _read_field(self, line: bytes) -> None:
        name, value = read_field(line)
        self._fields.setdefault(name.lower(), []).append(value)
        self._events.on_header(name, value)

    def _end_head(self) -> None:
        if self._line is not None:
            body = body_of(self._fields)
            self.path, self.query = locate(self._line)
            self._body = body
        self._events.on_headers_complete()

    def _read_body(self, body: Body) -> bool:
        if not body.ended:
            before = len(self._buffer)
            content = body.take(self._buffer)
            if content:
                self._events.on_body(content)
            if not body.ended:
                return len(self._buffer) != before
        self._body, self._begun = None, False
        self._is_over = not self.should_keep_alive()
        if self._is_over:
            self._buffer.clear()
        self._events.on_message_complete()
        return True


def _keeps_alive(version: str, fields: Mapping[bytes, list[bytes]]) -> bool:
    option = (value_of(fields, b"connection") or b"").lower()
    return option != b"close" if version == "1.1" else option == b"keep-alive"


@lru_cache(maxsize=_KNOWN_HEADS)
def _read_whole_head(head: bytes) -> WholeHead | None:
    """Read a head at once.

    None where the body has no length or must be asked for, and where the target is no ASCII.
    """
    read = read_whole_head(head)
    if read is None:
        return None
    line, fields = read
    values: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value)
    try:
        body = body_of(values)
    except Refused:
        return None
    is_plain = isinstance(body, SizedBody) and b"expect" not in values and line.target.isascii()
    if not is_plain:
        return None
    return WholeHead(
        line,
        tuple((name.lower(), value) for name, value in fields),
        body.size,
        _keeps_alive(line.version, values),
    )
