"""D10: clients that lose an answer, and then more."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import DropsTokens
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User


class CrashesOnAReset(ModelClient):
    """Catches the errors of HTTP, and not those of the network."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Let it through."""
        try:
            super().refresh_with(name, user, stored)
        except Failure as failure:
            if failure.kind is Kind.TRANSPORT_ERROR:
                raise ConnectionResetError from None
            raise


class TriesOften(ModelClient):
    """Repeats a refresh as it would a GET."""

    def refresh_attempts(self) -> int:
        """Try five times."""
        return 5


class RepeatsRefusals(ModelClient):
    """Leaves a lost answer to its caller, and repeats an `invalid_grant`."""

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1

    def token_request(self, form: dict[str, str]) -> Answer:
        """Repeat what was refused."""
        for _ in range(3):
            answer = super().token_request(form)
            if answer.status < 400:
                return answer
        return answer


BROKEN: dict[type[ModelClient], set[str]] = {
    CrashesOnAReset: {"kind", "ends"},
    TriesOften: {"one-retry"},
    DropsTokens: {"ends"},
    RepeatsRefusals: {"no-loop-later"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_mistreated_loss_of_an_answer_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal counts, and the end shows what was lost beside the answer."""
    assert failed(put("D10", client)) == BROKEN[client]
