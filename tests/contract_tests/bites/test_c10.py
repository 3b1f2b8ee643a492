"""C10: clients that believe a status of 200."""

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class TakesAnything(ModelClient):
    """Stores whatever comes."""

    def read_tokens(self, answer: Answer) -> Message:
        """Look at nothing."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class HidesTheCode(ModelClient):
    """Says only that something went wrong."""

    def describe(self, error: Exception) -> Message:
        """Leave all out."""
        return {"class": type(error).__name__, "message": "failed", "repr": "Failure()"}


def test_phantom_token_is_found(put: Put) -> None:
    """Kind and store show it."""
    assert failed(put("C10", TakesAnything)) == {"code-told", "kind", "store-unchanged"}


def test_hidden_code_is_found(put: Put) -> None:
    """The error shows it."""
    assert failed(put("C10", HidesTheCode)) == {"code-told"}
