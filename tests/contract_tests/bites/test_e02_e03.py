"""E02, E03: clients that answer a 401 too often, or not at all."""

import pytest

from .common_mistakes import IgnoresRefusals, RefreshesTwice, RepeatsRefusedCalls
from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class NeedsAChallenge(ModelClient):
    """Takes the challenge of a 401 apart, as if there had to be one."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Look for the error code."""
        if answer.status != 401:
            return False
        challenge = answer.headers["WWW-Authenticate"].removeprefix("Bearer ")
        members = dict(part.split("=") for part in challenge.split(", "))
        return members["error"] == '"invalid_token"'


class NeedsABody(ModelClient):
    """Reads the errors of every refusal."""

    def may_refresh(self, answer: Answer, stored: Message) -> bool:
        """Read them."""
        refused = answer.status == 401
        return refused and answer.json()["errors"][0]["status"] == "401"  # type: ignore[index]


BROKEN: dict[type[ModelClient], set[str]] = {
    IgnoresRefusals: {"kind"},
    RefreshesTwice: {"one-refresh"},
    RepeatsRefusedCalls: {"one-retry"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_wrong_answer_to_a_401_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal counts the refreshes and the calls."""
    assert failed(put("E02", client)) == BROKEN[client]


@pytest.mark.parametrize("client", [NeedsAChallenge, NeedsABody])
def test_crash_over_a_401_is_found(put: Put, client: type[ModelClient]) -> None:
    """A 401 without the expected challenge or body is one all the same."""
    assert failed(put("E03", client)) == {"kind"}


@pytest.mark.parametrize("client", BROKEN)
def test_wrong_answer_to_an_odd_401_is_found(put: Put, client: type[ModelClient]) -> None:
    """And it is answered by one refresh and one more call."""
    assert failed(put("E03", client)) == BROKEN[client]
