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
