"""Runs the fake, and reads in its journal what it saw."""

import logging
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.journal.entry import Entry
from livestorm_mock_server.rails.request import Request

from .observing import HOST, Observation, Seen, observation, observe
from .probes import Probe

logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())  # it tells each refusal

MOST_SHOWN = 200
_TURNS = 15
"""Exchanges on another connection, in which the one event loop has handled what came before."""
_PLAIN = b"HEAD /v1/ping HTTP/1.1\r\nHost: a.test\r\n\r\n"
_FRAMING = ("content-length", "transfer-encoding")


class Fake:
    """A running fake, with a second connection to it."""

    def __init__(self, livestorm: MockLivestorm, other: socket.socket) -> None:
        self._livestorm = livestorm
        self._other = other
        self.port = urlsplit(livestorm.app_url).port or 0
        self._wait_a_turn()
        self._last = _number(livestorm.journal.entries()[-1]) or 0
        """The number of the connection that was made last."""

    def observe(self, probe: Probe) -> tuple[Observation, list[Entry]]:
        """Send a probe; give what became of it, and what of the journal was answered.

        What is left unfinished has an exchange, too, once the connection has ended.
        """
        answers, then = observe(self.port, probe.sent, self._is_quiet)
        self._last += 1
        entries = [one for one in self._livestorm.journal if one.response is not None]
        ours = [one for one in entries if _number(one) == self._last]
        self._livestorm.journal.clear()
        words = [answer.word for answer in answers if answer.word != "100"]
        served = [one for one, word in zip(ours, words, strict=True) if word == "served"]
        return observation(answers, then, [*map(_seen, served)]), ours

    def _is_quiet(self, connection: socket.socket) -> bool:
        for _ in range(_TURNS):
            if select.select([connection], [], [], 0)[0]:
                return False
            self._wait_a_turn()
        return not select.select([connection], [], [], 0)[0]

    def _wait_a_turn(self) -> None:
        self._other.sendall(_PLAIN)
        self._other.recv(65536)


@contextmanager
def run_fake() -> Iterator[Fake]:
    """Run a fake that nobody else uses."""
    with MockLivestorm(rate_limits=False) as livestorm:
        address = (HOST, urlsplit(livestorm.app_url).port)
        with socket.create_connection(address, timeout=30) as other:
            yield Fake(livestorm, other)


def _number(entry: Entry) -> int | None:
    connection = entry.exchange.connection
    return None if connection is None else connection.number


def _seen(entry: Entry) -> Seen:
    request = entry.exchange.request
    return Seen(
        method=request.original_method,
        path=request.raw_path[:MOST_SHOWN],
        query=request.query.decode("latin-1")[:MOST_SHOWN],
        fields=_fields(request),
        body=request.body.decode("latin-1")[:MOST_SHOWN],
    )


def _fields(request: Request) -> dict[str, str]:
    """Give the header fields as the application reads them, by the names that Rack has."""
    names = dict.fromkeys(name.replace("_", "-") for name, _ in request.headers)
    values = {name: request.header(name) for name in names if name not in _FRAMING}
    return {
        name.upper().replace("-", "_"): value[:MOST_SHOWN]
        for name, value in values.items()
        if value is not None
    }
