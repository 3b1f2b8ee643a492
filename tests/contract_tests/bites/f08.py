"""F08: clients whose workers know nothing of each other's pauses."""

from contextlib import closing
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

from livestorm_contract_tests.cases.f08 import WORKERS
from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.client import ModelClient
from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, Message, User
from .shared.limited import FailsOnLimits
from .table import Bite, Table


class FailsWithoutWords(FailsOnLimits):
    """Adds no number that could be read."""

    def retry_after(self, answer: Answer) -> float | None:
        """Fail."""
        raise KeyError("limits")


class PausesEachForItself(Limits):
    """Keeps the pause in the call that was refused."""

    def pause(self, user: User) -> None:
        """Remember no pause."""


class CutsPauses(Limits):
    """Takes the last pause for the one that counts."""

    def put_off(self, user: User, until: float) -> None:
        """Forget a longer one."""
        user.not_before = until


class KeepsTheFirst(Limits):
    """Takes the first pause for the one that counts."""

    def put_off(self, user: User, until: float) -> None:
        """Remember nothing more."""
        user.not_before = user.not_before or until


class GoesOnAsAHerd(ApiCalls, Limits):
    """Has all who wait open their connections, and send at the same instant."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
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
        seconds = self.client.http.total_seconds()
        with closing(HTTPConnection(base.netloc, timeout=seconds)) as connection:
            connection.connect()
            self.herd.wait(seconds)
            connection.request(method, base.path + path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())


class CallsOneByOne(ApiCalls, Limits):
    """Takes parallel calls, and serves one after the other."""

    def fetch(self, message: Message) -> tuple[int, Any]:
        """Wait for one's turn."""
        with self.client.store.user("u1").lock:
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
            return ApiCalls.fetch(self, message)
        with self.client.store.user("u1").lock:
            told = ApiCalls.fetch(self, message)
            self.was_answered = True
        return told


class PausesWithoutAWord(Limits):
    """Pauses, and reports what no caller is told to expect."""

    def check_available(self, answer: Answer) -> None:
        """Rename the failure."""
        try:
            super().check_available(answer)
        except Failure as failure:
            failure.kind = Kind.BUG
            raise


TABLE = Table(
    [
        Bite(FailsWithoutWords, {"kind", "pause"}),
        Bite(PausesEachForItself, {"pause"}),
        Bite(CutsPauses, {"pause"}),
        Bite(KeepsTheFirst, {"pause"}),
        Bite(GoesOnAsAHerd, {"no-herd"}),
        Bite(PausesWithoutAWord, {"kind"}),
        # What goes on when the first was answered is not at the instant of the reset: no herd.
        Bite(CallsOneByOne),
        Bite(ProbesFirst),
    ],
)
