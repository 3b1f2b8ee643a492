"""G09: clients that redirections lead astray."""

from typing import Any

from .conftest import Put, failed
from .fragile_clients import StaysDown
from .model_client import Answer, ModelClient


class FollowsForEver(ModelClient):
    """Counts no hops."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Follow."""
        answer = super().send(method, url, **told)
        for _ in range(60):
            if not answer.headers.get("location", "").startswith("http://127"):
                break
            answer = super().send(method, answer.headers["location"], **told)
        return answer


class TakesRedirectsForAnswers(ModelClient):
    """Takes any status below 400 for a success."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Look at no body."""
        if answer.status >= 400:
            super().read_document(answer, path)


class JoinsByHand(ModelClient):
    """Hangs a relative target at the end of the URL."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Follow to the wrong place."""
        answer = super().send(method, url, **told)
        target = answer.headers.get("location", "")
        is_relative = target and ":" not in target
        return super().send(method, f"{url}/{target}", **told) if is_relative else answer


def test_endless_following_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("G09", FollowsForEver)) == {"bounded"}


def test_redirection_taken_for_an_answer_is_found(put: Put) -> None:
    """A redirection without a document is no success."""
    assert failed(put("G09", TakesRedirectsForAnswers)) == {"kind"}


def test_wrong_target_is_found(put: Put) -> None:
    """The journal has the path."""
    assert failed(put("G09", JoinsByHand)) == {"resolved", "reply-fits-journal"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next call must succeed."""
    assert failed(put("G09", StaysDown)) == {"recovers"}
