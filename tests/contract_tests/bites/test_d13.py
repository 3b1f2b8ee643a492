"""D13: clients that do not give up."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind

from .common_mistakes import RefreshesTwice, RepeatsRefusedCalls
from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class CallsItUnreadable(ModelClient):
    """Has no word for a 401."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Report something else."""
        if answer.status == 401:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=401)
        return super().read_document(answer, path)


class DropsTokensOnAnyRefusal(ModelClient):
    """Deletes the tokens because the API refused one."""

    def fetch(self, message: Message) -> tuple[int, object]:
        """Delete them."""
        try:
            return super().fetch(message)
        except Failure as failure:
            user = self.user(message.get("user", "u1"))
            if failure.status == 401:
                self.save(user, {**(self.load(user) or {}), "refresh_token": None})
            raise


BROKEN: dict[type[ModelClient], set[str]] = {
    CallsItUnreadable: {"kind"},
    RepeatsRefusedCalls: {"bounded"},
    RefreshesTwice: {"one-refresh"},
    DropsTokensOnAnyRefusal: {"tokens-kept"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_endless_effort_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal counts, and the store shows what was given up."""
    assert failed(put("D13", client)) == BROKEN[client]
