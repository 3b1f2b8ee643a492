"""D09: clients that are refused for their haste, and make it worse."""

import time

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import DropsTokens
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User


class TakesItForAMisconfiguration(ModelClient):
    """Takes each 4xx for a fault of its own."""

    def read_tokens(self, answer: Answer) -> Message:
        """Do not look at the status."""
        if answer.status != 429:
            return super().read_tokens(answer)
        raise Failure(Kind.CONFIG_ERROR, "refused", not_before=self.retry_after(answer))


class WaitsHalfTheTime(ModelClient):
    """Puts its jitter on the wrong side."""

    def may_retry(self, failure: Failure) -> bool:
        """Come too early."""
        if failure.not_before is None or failure.not_before > 10:
            return super().may_retry(failure)
        time.sleep(failure.not_before / 2)
        return True


class NeverWaits(ModelClient):
    """Leaves all waiting to its caller."""

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class TellsMilliseconds(NeverWaits):
    """Mixes up the unit of what it tells its caller."""

    def op_call(self, message: Message) -> Message:
        """Tell a thousand times as much."""
        reply = super().op_call(message)
        return {**reply, "not_before_s": 1000 * reply.get("not_before_s", 0), "results": []}


class TriesTheWrongToken(ModelClient):
    """Sends the access token the second time."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Mix them up."""
        answer = super().token_request(form)
        stored = self.load(self.user("u1"))
        if answer.status == 429 and stored:
            form["refresh_token"] = stored["access_token"]
        return answer


class DropsTokensWhenLimited(NeverWaits, DropsTokens):
    """Deletes the tokens when a refresh fails."""


class StaysLimited(NeverWaits):
    """Is limited for ever."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse after the first time."""
        if user.not_before:
            raise Failure(Kind.RETRY_LATER, "the rate is limited", not_before=0.1)
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            user.not_before = 1
            raise


BROKEN: dict[type[ModelClient], set[str]] = {
    NeverWaits: set(),
    TakesItForAMisconfiguration: {"kind"},
    WaitsHalfTheTime: {"not-before"},
    TellsMilliseconds: {"not-before-told"},
    DropsTokensWhenLimited: {"store-untouched", "recovers"},
    StaysLimited: {"recovers"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_mistreated_rate_limit_is_found(put: Put, client: type[ModelClient]) -> None:
    """Times, kinds and store show it; who leaves the waiting to others does right."""
    assert failed(put("D09", client)) == BROKEN[client]


def test_other_token_is_found(put: Put) -> None:
    """The journal shows what was sent the second time."""
    assert failed(put("D09", TriesTheWrongToken)) == {
        "kind",
        "not-before-told",
        "recovers",
        "same-token",
        "store-untouched",
    }
