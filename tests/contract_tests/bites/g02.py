"""G02: clients that wait for an answer for too long."""

import socket
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.sending import Sending
from .shared.fragile import HasNoWord, Impatient, LogsOut, SaysItIsOverSoon, StaysAway
from .table import Bite, Table

PATIENCE = 0.03


class WaitsTooLong(Sending):
    """Has a time-out, of more than a minute."""

    def read_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


class Response(HTTPResponse):
    """A response that can say which connection it comes by."""

    def __init__(self, sock: socket.socket, *given: Any, **told: Any) -> None:
        super().__init__(sock, *given, **told)
        self.sock = sock


class TimesOutWithTheHead(Impatient):
    """Has a time-out that ends when the head has come, as many have that give a promise of it."""

    def connection(self, url: str) -> HTTPConnection:
        """Have responses tell of their connection."""
        opened = super().connection(url)
        opened.response_class = Response
        return opened

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Wait for the body as long as it takes."""
        assert isinstance(response, Response)
        response.sock.settimeout(None)
        return super().read_body(response, ends_at)

    def total_seconds(self) -> float:
        """Have none for all."""
        return 600.0


TABLE = Table(
    [
        Bite(WaitsTooLong, {"in-time"}, patience=PATIENCE),
        Bite(TimesOutWithTheHead, patience=PATIENCE, verdict=Verdict.HANG),
        Bite(HasNoWord, {"kind"}, patience=PATIENCE),
        Bite(LogsOut, {"recovers", "tokens-kept"}, patience=PATIENCE),
        Bite(StaysAway, {"recovers"}, patience=PATIENCE),
        Bite(SaysItIsOverSoon, {"tokens-kept"}, patience=PATIENCE),
        Bite((), patience=PATIENCE, verdict=Verdict.HANG),
    ],
)
