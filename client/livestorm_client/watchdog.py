"""A time limit for a whole blocking request."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress

import httpcore


class Watchdog:
    """Shuts a request's socket when its time is up, however steadily bytes trickle in.

    httpx times each read, not the whole request.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._socket: object = None
        self._expired = False

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Guard each new connection; this is httpcore's `trace` extension."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.guard(info["return_value"])

    def guard(self, stream: object) -> None:
        """Take the socket of an httpcore network stream."""
        if isinstance(stream, httpcore.NetworkStream):
            self._socket = stream.get_extra_info("socket")
            self._cut()

    def check_in_time(self) -> None:
        """Raise TimeoutError when the socket was shut, which can look like the answer's end."""
        if self._expired:
            raise TimeoutError

    def _expire(self) -> None:
        self._expired = True
        self._cut()

    def _cut(self) -> None:
        if self._expired and isinstance(self._socket, socket.socket):
            with suppress(OSError):
                # Not SSLSocket's own method, which pulls the TLS state from under the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
