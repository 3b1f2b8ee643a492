"""The suite's own connection to the fake: kept from one request to the next, or opened anew."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from livestorm_contract_tests.fake.connection import Connection

TIMEOUT = 15.0
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[Connection, list[socket.socket]]]:
    """Have each request answered alike; give a connection, and those that were taken."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def serve(client: socket.socket) -> None:
        with client:
            while client.recv(65536):
                client.sendall(answer)

    def take() -> None:
        while True:
            try:
                taken.append(listener.accept()[0])
            except OSError:
                return
            threading.Thread(target=serve, args=taken[-1:], daemon=True).start()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    with closing(Connection(f"127.0.0.1:{listener.getsockname()[1]}")) as connection:
        yield connection, taken
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(TIMEOUT)


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("POST", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_connection_is_kept_behind_an_answer_without_a_body(method: str, answer: bytes) -> None:
    """It ends with its head, whatever is in it (RFC 9112, section 6.3)."""
    with answering(answer) as (connection, taken):
        statuses = [connection.send(method, "/", None, TIMEOUT).status for _ in range(3)]
    assert statuses == [int(answer.split()[1])] * 3
    assert len(taken) == 1


def test_connection_ends_where_the_answer_says_so() -> None:
    """The next request has one of its own."""
    answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    with answering(answer) as (connection, taken):
        for _ in range(2):
            assert connection.send("DELETE", "/", None, TIMEOUT).status == 204
    assert len(taken) == 2


def test_connection_that_was_closed_when_idle_is_opened_anew() -> None:
    """A client may take longer than the fake keeps an idle connection; nothing is sent twice."""
    requests: list[bytes] = []
    closed = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def answer_twice() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    requests.append(connection.recv(65536))
                    connection.sendall(ANSWER)
                closed.set()

        serving = threading.Thread(target=answer_twice)
        serving.start()
        kept = Connection(f"127.0.0.1:{server.getsockname()[1]}")
        first = kept.send("GET", "/one", None, 10)
        assert closed.wait(10)
        second = kept.send("GET", "/two", None, 10)
        kept.close()
        serving.join()
    assert (first.body, second.body) == (b"{}", b"{}")
    assert [one.split()[1] for one in requests] == [b"/one", b"/two"]
