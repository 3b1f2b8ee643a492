"""A small HTTP/1.1 client that sends exactly the bytes it is given."""

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

TIMEOUT = 15.0
_CHUNKED = "chunked"
_BODILESS = (204, 304)

Fields = Sequence[tuple[bytes | str, bytes | str]]


class ConnectionEnded(Exception):
    """The server closed the connection where an answer was expected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer as it was on the wire; header names are lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    head: bytes

    def header(self, name: str) -> str | None:
        """Give the first header of this name."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self) -> Any:
        """Parse the body, strictly: NaN and Infinity are no JSON."""
        return json.loads(self.body, parse_constant=_refuse)

    @property
    def ends_connection(self) -> bool:
        """Tell whether the server announced the end of the connection."""
        return (self.header("connection") or "").lower() == "close"


class Wire:
    """One connection."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=timeout)
        self._file = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def send_bytewise(self, data: bytes) -> None:
        """Send each byte on its own."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(data)):
            self.send(data[index : index + 1])

    def end_sending(self) -> None:
        """Send a FIN and go on reading."""
        self._socket.shutdown(socket.SHUT_WR)

    def read(self, *, to_head: bool = False) -> Answer:
        """Read one answer. Raises ConnectionEnded or TimeoutError."""
        status_line = self._file.readline()
        if not status_line:
            raise ConnectionEnded
        lines = [status_line]
        while (line := self._file.readline()) not in (b"\r\n", b""):
            lines.append(line)
        pairs = [line.decode("latin-1").rstrip("\r\n").partition(":") for line in lines[1:]]
        headers = tuple((name.lower(), value.strip()) for name, _, value in pairs)
        status = int(status_line.split()[1])
        bodiless = to_head or status in _BODILESS
        body = b"" if bodiless else self._body(dict(headers))
        return Answer(status=status, headers=headers, body=body, head=b"".join(lines))

    def receive(self) -> bytes:
        """Give what has come, empty at the end. Raises ConnectionResetError or TimeoutError."""
        return self._socket.recv(65536)

    def read_to_end(self) -> bytes:
        """Read all until the server closes."""
        return self._file.read()

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") == _CHUNKED:
            return self._chunks()
        if "content-length" in headers:
            return self._file.read(int(headers["content-length"]))
        return self._file.read()

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._file.readline(), 16):
            body += self._file.read(size)
            self._file.readline()
        self._file.readline()
        return body


def frame(
    method: bytes | str, target: bytes | str, headers: Fields = (), body: bytes | None = None
) -> bytes:
    """Frame a request; `Host`, and `Content-Length` where there is a body, are added."""
    fields = [("Host", "127.0.0.1"), *headers]
    if body is not None:
        fields.append(("Content-Length", str(len(body))))
    lines = [b"%s %s HTTP/1.1" % (_raw(method), _raw(target))]
    lines += [b"%s: %s" % (_raw(name), _raw(value)) for name, value in fields]
    return b"\r\n".join([*lines, b"", body or b""])


def exchange(url: str, request: bytes) -> Answer:
    """Send one request on a connection of its own; give the answer."""
    to_head = request.startswith(b"HEAD ")
    with Wire(url) as wire:
        wire.send(request)
        return wire.read(to_head=to_head)


def _raw(text: bytes | str) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
