"""D06, D07, D08: clients that log their user out over what is no `invalid_grant`."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import DropsTokens, Impatient, StaysBroken
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class LogsOutOnEveryRefusal(ModelClient):
    """Takes each 4xx for the end of the grant."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """End the grant."""
        return Failure(Kind.REAUTH_REQUIRED, "refused", status=answer.status)


class HasNoWordForIt(ModelClient):
    """Meets a body that it did not expect, and crashes."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Look up what only `invalid_grant` has."""
        texts = {"invalid_grant": Kind.REAUTH_REQUIRED}
        assert isinstance(members, dict)
        return Failure(texts[members["error"]], "refused", status=answer.status)


class LogsOutInAnOutage(Impatient):
    """Takes every failed refresh for the end of the grant."""

    def read_tokens(self, answer: Answer) -> Message:
        """End the grant."""
        try:
            return super().read_tokens(answer)
        except Failure:
            raise Failure(Kind.REAUTH_REQUIRED, "no token came", status=answer.status) from None


class CrashesInAnOutage(Impatient):
    """Expects JSON from whatever answers."""

    def check_available(self, answer: Answer) -> None:
        """Parse it."""
        assert answer.status < 500 or answer.json() is not None


class DropsTokensInAnOutage(Impatient, DropsTokens):
    """Deletes the tokens when a refresh fails."""


class StaysBrokenAfterAnOutage(Impatient, StaysBroken):
    """Never tries again."""


CONFIG = {
    LogsOutOnEveryRefusal: {"kind", "tokens-kept"},
    HasNoWordForIt: {"kind"},
    DropsTokens: {"tokens-kept"},
}
GATEWAY = {
    LogsOutOnEveryRefusal: {"kind", "tokens-kept", "recovers"},
    HasNoWordForIt: {"kind"},
    DropsTokens: {"tokens-kept", "recovers"},
    StaysBroken: {"recovers"},
}
OUTAGE: dict[type[ModelClient], set[str]] = {
    LogsOutInAnOutage: {"kind", "tokens-kept", "recovers"},
    CrashesInAnOutage: {"kind"},
    DropsTokensInAnOutage: {"tokens-kept", "recovers"},
    StaysBrokenAfterAnOutage: {"recovers"},
}


@pytest.mark.parametrize("client", CONFIG)
def test_logout_by_the_own_configuration_is_found(put: Put, client: type[ModelClient]) -> None:
    """Kind and store show it."""
    assert failed(put("D06", client)) == CONFIG[client]


@pytest.mark.parametrize("client", GATEWAY)
def test_logout_by_a_gateway_is_found(put: Put, client: type[ModelClient]) -> None:
    """Kind and store show it, and that the client does not come back."""
    assert failed(put("D07", client)) == GATEWAY[client]


@pytest.mark.parametrize("client", OUTAGE)
def test_logout_by_an_outage_is_found(put: Put, client: type[ModelClient]) -> None:
    """Kind and store show it, and that the client does not come back."""
    assert failed(put("D08", client)) == OUTAGE[client]
