"""F08: clients whose workers know nothing of each other's pauses."""

from contextlib import closing
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx import Headers
from livestorm_contract_tests.cases.f08 import WORKERS
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .limited_clients import FailsOnLimits
from .model_client import Answer, Message, ModelClient, User


class PausesEachForItself(ModelClient):
    """Keeps the pause in the call that was refused."""

    def pause(self, user: User) -> None:
        """Remember no pause."""


class CutsPauses(ModelClient):
    """Takes the last pause for the one that counts."""

    def put_off(self, user: User, until: float) -> None:
        """Forget a longer one."""
        user.not_before = until


class KeepsTheFirst(ModelClient):
    """Takes the first pause for the one that counts."""

    def put_off(self, user: User, until: float) -> None:
        """Remember nothing more."""
        user.not_before = user.not_before or until


class GoesOnAsAHerd(ModelClient):
    """Has all who wait open their connections, and send at the same instant."""

    def configure(self, config: Message) -> None:
        """Begin anew."""
        super().configure(config)
        self.herd = Barrier(WORKERS)

    def turn(self) -> float:
        """Give everybody the same."""
        return 0.0

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send, on an open connection, when all are there."""
        if not message.get("parallel"):
            return super().api_request(method, path, message, stored)
        base = urlsplit(self.config["api_base"])
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        with closing(HTTPConnection(base.netloc, timeout=self.total_seconds())) as connection:
            connection.connect()
            self.herd.wait(self.total_seconds())
            connection.request(method, base.path + path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, Headers(response.getheaders()), response.read())


class CallsOneByOne(ModelClient):
    """Takes parallel calls, and serves one after the other."""

    def fetch(self, message: Message) -> tuple[int, Any]:
        """Wait for one's turn."""
        with self.user("u1").lock:
            return super().fetch(message)

    def turn(self) -> float:
        """Draw nothing: nobody else waits."""
        return 0.0


class ProbesFirst(CallsOneByOne):
    """Sends one call after a pause, and the rest at once when it succeeds."""

    was_answered = False

    def fetch(self, message: Message) -> tuple[int, Any]:
        """Wait for the first one only."""
        if self.was_answered:
            return ModelClient.fetch(self, message)
        with self.user("u1").lock:
            told = ModelClient.fetch(self, message)
            self.was_answered = True
        return told


@pytest.mark.parametrize("client", [CallsOneByOne, ProbesFirst])
def test_calls_after_the_first_are_no_herd(put: Put, client: type[ModelClient]) -> None:
    """What goes on when the first was answered is not at the instant of the reset."""
    assert put("F08", client).verdict is Verdict.PASS


def test_crash_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""

    class FailsWithoutWords(FailsOnLimits):
        """Adds no number that could be read."""

        def retry_after(self, answer: object) -> float | None:
            """Fail."""
            raise KeyError("limits")

    assert failed(put("F08", FailsWithoutWords)) == {"kind", "pause"}


def test_pauses_apart_are_found(put: Put) -> None:
    """The journal has requests within the pause."""
    assert failed(put("F08", PausesEachForItself)) == {"pause"}


@pytest.mark.parametrize("client", [CutsPauses, KeepsTheFirst])
def test_pause_that_is_cut_is_found(put: Put, client: type[ModelClient]) -> None:
    """Of two pauses the longer one holds."""
    assert failed(put("F08", client)) == {"pause"}


def test_herd_is_found(put: Put) -> None:
    """The journal has all requests at the same instant."""
    assert failed(put("F08", GoesOnAsAHerd)) == {"no-herd"}
