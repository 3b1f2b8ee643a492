"""C11: clients that believe a status of 200."""

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class TakesAnything(ModelClient):
    """Stores whatever comes."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class ForgetsTokens(ModelClient):
    """Logs the user out at any failure."""

    def read_tokens(self, answer: Answer) -> Message:
        """Empty the store first."""
        self.user("u1").path.unlink(missing_ok=True)
        return super().read_tokens(answer)


def test_phantom_token_is_found(put: Put) -> None:
    """Kind and store show it."""
    assert failed(put("C11", TakesAnything)) == {"kind", "store-unchanged"}


def test_lost_tokens_are_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("C11", ForgetsTokens)) == {"store-unchanged"}
