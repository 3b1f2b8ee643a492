"""G06: clients that send a POST again that may have arrived."""

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough, StaysDown
from .model_client import Answer, Failure, Message, ModelClient, User


class RepeatsPosts(ModelClient):
    """Sends any request once more where the connection broke."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Look at no method."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            return super().call_api(user, method, path, message, stored, most)


def test_post_that_is_sent_again_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("G06", RepeatsPosts)) == {"once"}


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G06", LetsErrorsThrough)) == {"kind"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G06", StaysDown)) == {"recovers"}
