"""The suite's own connection to the fake."""

import socket
import threading

from livestorm_contract_tests.fake.connection import Connection

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


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
