"""C13: clients that read what is cut, or judge by chance."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class TakesAnything(ModelClient):
    """Stores whatever comes."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class ChangesItsMind(ModelClient):
    """Refuses every second token."""

    count = 0

    def read_tokens(self, answer: Answer) -> Message:
        """Count."""
        self.count += 1
        members = super().read_tokens(answer)
        if self.count % 2:
            raise Failure(Kind.PROTOCOL_ERROR, "not this time", status=answer.status)
        return members


def test_cut_token_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C13", TakesAnything)) == {"kind"}


def test_chance_is_found(put: Put) -> None:
    """The second verdict shows it."""
    assert failed(put("C13", ChangesItsMind)) == {"consistent", "kind"}
