"""A client over one connection that costs little beside what it measures."""

import socket
from types import TracebackType
from typing import Self

_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


class Client:
    """Sends requests one after the other, and takes whole answers that say how long they are."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    def get(self, target: str, *fields: str) -> tuple[bytes, bytes]:
        """Give the head and the body of an answer."""
        return self.send(f"GET {target} HTTP/1.1", "", *fields)

    def post(self, target: str, form: str, *fields: str) -> tuple[bytes, bytes]:
        """Post a form; give the head and the body of the answer."""
        kind = "Content-Type: application/x-www-form-urlencoded"
        return self.send(f"POST {target} HTTP/1.1", form, kind, *fields)

    def send(self, line: str, body: str, *fields: str) -> tuple[bytes, bytes]:
        """Send a request; give the head and the body of the answer."""
        if body:
            fields += (f"Content-Length: {len(body)}",)
        head = "\r\n".join((line, f"Host: {self._host}", *fields))
        self._socket.sendall(f"{head}\r\n\r\n{body}".encode())
        came = self._socket.recv(65536)
        while _END not in came:
            came += self._more()
        told, _, content = came.partition(_END)
        length = _length_of(told)
        if length is None:  # In chunks: what is small comes in one.
            while not content.endswith(b"0\r\n\r\n"):
                content += self._more()
            return told, content.partition(b"\r\n")[2].rpartition(b"\r\n0\r\n")[0]
        while len(content) < length:
            content += self._more()
        return told, content

    def _more(self) -> bytes:
        came = self._socket.recv(65536)
        if not came:
            raise ConnectionError("the server has left")
        return came


def _length_of(head: bytes) -> int | None:
    lower = head.lower()
    if _LENGTH not in lower:
        return None
    return int(lower.partition(_LENGTH)[2].partition(b"\r\n")[0])


def location_of(head: bytes) -> str:
    """Give where an answer leads to."""
    at = head.lower().index(b"\r\nlocation:") + len(b"\r\nlocation:")
    return head[at:].partition(b"\r\n")[0].strip().decode()
