"""A client on a socket that sees how a connection ends, with TLS and without."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

TIMEOUT = 15.0


class SecureWire:
    """A connection to a port of this machine; the handshake is done on entering its block."""

    def __init__(
        self, port: int, context: ssl.SSLContext | None, server_name: str = "localhost"
    ) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = (
            None
            if context is None
            else context.wrap_bio(self._in, self._out, server_hostname=server_name)
        )

    def send(self, data: bytes) -> None:
        """Send bytes."""
        if self._tls is None:
            self._socket.sendall(data)
        else:
            self._tls.write(data)
            self._socket.sendall(self._out.read())

    def end_sending(self) -> None:
        """Send a FIN and go on reading."""
        self._socket.shutdown(socket.SHUT_WR)

    def receive_to_end(self) -> tuple[bytes, str]:
        """Give all that comes, and how it ends: `closed`, `cut` (closed without a word) or `reset`.

        Without TLS there is no word to expect.
        """
        came = bytearray()
        end = "closed"
        try:
            while data := self.receive():
                came += data
        except ConnectionResetError:
            end = "reset"
        except ssl.SSLEOFError:
            end = "cut"
        return bytes(came), end

    def receive(self) -> bytes:
        """Give what has come, empty at the end. Raises ConnectionResetError or SSLEOFError."""
        if self._tls is None:
            return self._socket.recv(65536)
        tls = self._tls
        try:
            return self._go_on(lambda: tls.read(65536))
        except ssl.SSLZeroReturnError:
            return b""

    def _go_on(self, step: Callable[[], T]) -> T:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._socket.sendall(self._out.read())
                data = self._socket.recv(65536)
                self._in.write(data) if data else self._in.write_eof()

    def __enter__(self) -> Self:
        if (tls := self._tls) is not None:
            try:
                self._go_on(tls.do_handshake)
                self._socket.sendall(self._out.read())
            except OSError:
                with suppress(OSError):
                    self._socket.sendall(self._out.read())
                self._socket.close()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()
