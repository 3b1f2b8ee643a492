"""What clients send takes memory within bounds."""

import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from .watched import Watched, watched

LONG = 9_000_000
"""Bytes of a body that is taken."""
TOO_LONG = 100_000_000
MOST_GROWTH = 60_000_000
"""Twice what the journal may hold of them, and what Python keeps of what it freed."""


def post(fake: Watched, size: int) -> int:
    """Announce a body of a size, send it where it is taken, and give the status."""
    head = f"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
    place = urlsplit(fake.origin)
    with socket.create_connection((place.hostname, place.port), timeout=30) as sent:
        sent.sendall(head.encode() + b"a" * min(size, LONG))
        return int(sent.recv(12).split()[1])


def test_long_bodies_take_little_memory(tmp_path: Path) -> None:
    """Neither those that are taken nor those that are refused stay, nor a list of them all."""
    with watched(tmp_path) as fake:
        post(fake, LONG)
        before = fake.memory()
        assert {post(fake, LONG) for _ in range(12)} == {400}
        assert {post(fake, TOO_LONG) for _ in range(12)} == {413}
        with closing(HTTPConnection(urlsplit(fake.origin).netloc, timeout=30)) as http:
            http.request("GET", "/_mock/journal")
            assert b"body_cut_from" in http.getresponse().read()
        assert fake.memory() - before < MOST_GROWTH


def test_many_fields_take_little_memory(tmp_path: Path) -> None:
    """An empty one takes more than its byte, in the journal and in a list of it."""
    fields = "".join(f"A{number}:\r\n" for number in range(11_000))
    request = (
        f"GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n".encode()
    )
    with watched(tmp_path, "--journal-bytes", "3000000") as fake:
        place = urlsplit(fake.origin)
        before = fake.memory()
        for _ in range(40):
            with socket.create_connection((place.hostname, place.port), timeout=30) as sent:
                sent.sendall(request)
                assert sent.recv(12) == b"HTTP/1.1 401"
        with closing(HTTPConnection(place.netloc, timeout=30)) as http:
            http.request("GET", "/_mock/journal")
            assert len(http.getresponse().read()) < 3_000_000
        assert fake.memory() - before < 20_000_000
