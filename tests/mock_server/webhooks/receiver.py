"""A client's server that webhooks are delivered to: a real socket, answered as the test says."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue

from msgspec import Struct

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SECONDS = 10


class Received(Struct, frozen=True):
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[["Receiver", socket.socket], object]


def with_bytes(answer: bytes) -> Answer:
    """Answer with these bytes, and end the connection."""
    return lambda _, client: client.sendall(answer)


def with_status(status: int) -> Answer:
    """Answer with a status and nothing else."""
    return with_bytes(b"HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n" % status)


welcome = with_bytes(OK)


class Receiver:
    """Takes one request for each connection, in a thread for each; `answer` says what comes back.

    `came` has the requests in order of arrival.
    """

    def __init__(
        self, answer: Answer, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer, self._tls = answer, tls
        self.came: SimpleQueue[Received] = SimpleQueue()
        self.over = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """What a client registers."""
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self) -> Received:
        """Wait for the next request."""
        return self.came.get(timeout=SECONDS)

    def bodies(self) -> list[bytes]:
        """Give the bodies of all that came."""
        return [self.came.get_nowait().body for _ in range(self.came.qsize())]

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self.over.is_set():
                client.close()
                return
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(SECONDS)
        with suppress(OSError), self._greeted(client) as client:
            reader = client.makefile("rb")
            line = reader.readline().decode().rstrip()
            headers: dict[str, str] = {}
            while (field := reader.readline().decode("latin-1").rstrip()) != "":
                name, _, value = field.partition(": ")
                headers[name.lower()] = value
            body = reader.read(int(headers.get("content-length", "0")))
            self.came.put(Received(line, headers, body))
            self.answer(self, client)

    def _greeted(self, client: socket.socket) -> socket.socket:
        return client if self._tls is None else self._tls.wrap_socket(client, server_side=True)

    def close(self) -> None:
        """End it, and all that hangs in it."""
        self.over.set()
        with socket.socket(self._listener.family) as last:
            last.connect(self._listener.getsockname())
        for thread in self._threads:
            thread.join(SECONDS)
        self._listener.close()


@contextmanager
def receiving(
    answer: Answer = welcome, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Have a receiver for a while; it answers 200 until it is told otherwise."""
    receiver = Receiver(answer, host=host, tls=tls)
    try:
        yield receiver
    finally:
        receiver.close()
