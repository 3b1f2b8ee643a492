"""One HTTP exchange over a raw socket, byte for byte as given."""

import socket
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from .recordings import Header

TIMEOUT = 30.0
"""Seconds without a byte after which an exchange has failed."""


@dataclass(frozen=True, kw_only=True)
class RawAnswer:
    """An answer as it came: header names in their spelling, the body unchunked."""

    status: int
    headers: tuple[Header, ...]
    body: bytes

    def values_of(self, name: str) -> tuple[str, ...]:
        """Return the values of all headers called `name`, in any spelling."""
        return tuple(self._values.get(name.lower(), ()))

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for name, value in self.headers:
            values.setdefault(name.lower(), []).append(value)
        return values


def frame_request(
    base: str, method: str, target: str, headers: tuple[Header, ...], body: bytes | None
) -> bytes:
    """Frame a request; `Host`, `Content-Length` and `Connection` are added where they lack."""
    given = {name.lower() for name, _ in headers}
    lines = [f"{method} {target} HTTP/1.1"]
    if "host" not in given:
        lines.append(f"Host: {urlsplit(base).netloc}")
    lines += [f"{name}: {value}" for name, value in headers]
    if body is not None and not given & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    if "connection" not in given:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def exchange(base: str, request: bytes) -> RawAnswer:
    """Send `request` to the server at `base` and read its answer to the end."""
    address = urlsplit(base)
    with socket.create_connection((address.hostname, address.port), TIMEOUT) as connection:
        connection.sendall(request)
        return parse_answer(b"".join(iter(lambda: connection.recv(65536), b"")))


def parse_answer(received: bytes) -> RawAnswer:
    """Take an answer apart; raises `ConnectionError` where there is none."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionError(f"no complete answer: {received[:200]!r}")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple(_split_header(line) for line in lines)
    answer = RawAnswer(status=int(status_line.split(" ")[1]), headers=headers, body=body)
    if answer.values_of("Transfer-Encoding") != ("chunked",):
        return answer
    return RawAnswer(status=answer.status, headers=headers, body=_unchunk(body))


def _split_header(line: str) -> Header:
    name, _, value = line.partition(":")
    return name, value.strip()


def _unchunk(body: bytes) -> bytes:
    parts: list[bytes] = []
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[:length])
        body = body[length + 2 :]
