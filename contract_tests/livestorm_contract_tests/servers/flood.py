"""A server whose answer does not end before a client has to stop it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

SIZE: Final = 64 * 1024 * 1024
"""Bytes of an answer."""
BUFFERED: Final = 16 * 1024 * 1024
"""More than two sockets hold of what nobody reads."""
_CHUNK = 65536


@dataclass
class Flood:
    """Where it listens, and how much of an answer was sent at most."""

    port: int = 0
    sent: int = 0

    @property
    def was_stopped(self) -> bool:
        """Tell whether every client left long before the end."""
        return self.sent <= SIZE - BUFFERED


@contextmanager
def open_flood(head: bytes, piece: bytes, tail: bytes = b"") -> Iterator[Flood]:
    """Answer each connection with `head`, as many of `piece` as make up SIZE bytes, and `tail`."""
    flood = Flood()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            with suppress(OSError):
                self.wfile.write(head)
                self._send_pieces()
                self.wfile.write(tail)

        def _send_pieces(self) -> None:
            block, sent = piece * (_CHUNK // len(piece)), 0
            while sent < SIZE:
                self.wfile.write(block)
                sent += len(block)
                flood.sent = max(flood.sent, sent)

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        flood.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield flood
        finally:
            server.shutdown()
            thread.join()
