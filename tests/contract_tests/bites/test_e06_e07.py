"""E06, E07: clients that make an outage worse, or do not see it."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import StaysBroken
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User
from .test_f03 import TriesAgainAtOnce


class CallsItUnreadable(ModelClient):
    """Reads the page before the status."""

    def check_available(self, answer: Answer) -> None:
        """Find no document."""
        if answer.status >= 500:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=answer.status)


class TriesOften(ModelClient):
    """Repeats a GET as often as it has patience."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 6
    ) -> Answer:
        """Try six times."""
        return super().call_api(user, method, path, message, stored, most)


class TriesEachPartOften(ModelClient):
    """Repeats a refresh once and a GET three times, and counts neither with the other."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 3
    ) -> Answer:
        """Try three times."""
        return super().call_api(user, method, path, message, stored, most)


class TriesAtOnce(TriesAgainAtOnce):
    """Repeats a GET at once."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send a POST once."""
        if method == "POST":
            return ModelClient.api_request(self, method, path, message, stored)
        return super().api_request(method, path, message, stored)


class RepeatsEverything(ModelClient):
    """Takes a POST for as harmless as a GET."""

    def is_repeatable(self, method: str) -> bool:
        """Repeat all."""
        return True


class TakesAnythingForADocument(ModelClient):
    """Takes a 200 for a success, and a body that it can't read for an empty one."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Take it."""
        return (
            (answer.json() or {}) if answer.status == 200 else super().read_document(answer, path)
        )


class WantsADocument(ModelClient):
    """Takes no answer for a success without one."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Look at the body, whatever was asked and answered."""
        if answer.status < 300 and not answer.body:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=answer.status)
        return super().read_document(answer, path)


OUTAGE: dict[type[ModelClient], set[str]] = {
    CallsItUnreadable: {"kind"},
    TriesEachPartOften: {"get-bounded"},
    TriesOften: {"get-bounded"},
    TriesAtOnce: {"get-backs-off"},
    RepeatsEverything: {"post-once"},
    StaysBroken: {"recovers"},
}
MAINTENANCE: dict[type[ModelClient], set[str]] = {
    TakesAnythingForADocument: {"kind"},
    WantsADocument: {"needs-none"},
    StaysBroken: {"recovers"},
}


@pytest.mark.parametrize("client", OUTAGE)
def test_mistreated_outage_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal counts, and afterwards the client is asked again."""
    assert failed(put("E06", client)) == OUTAGE[client]


@pytest.mark.parametrize("client", MAINTENANCE)
def test_page_taken_for_a_document_is_found(put: Put, client: type[ModelClient]) -> None:
    """The kind shows it."""
    assert failed(put("E07", client)) == MAINTENANCE[client]
