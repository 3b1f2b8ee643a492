"""G09: clients that redirections lead astray."""

from typing import Any

from ..model_client.api_calls import ApiCalls
from ..model_client.sending import Sending
from ..model_client.values import Answer
from .shared.fragile import StaysDown
from .table import Bite, Table


class FollowsForEver(Sending):
    """Counts no hops."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Follow."""
        answer = super().send(method, url, **told)
        for _ in range(60):
            if not answer.headers.get("location", "").startswith("http://127"):
                break
            answer = super().send(method, answer.headers["location"], **told)
        return answer


class TakesRedirectsForAnswers(ApiCalls):
    """Takes any status below 400 for a success."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Look at no body."""
        if answer.status >= 400:
            super().read_document(answer, path)


class JoinsByHand(Sending):
    """Hangs a relative target at the end of the URL."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Follow to the wrong place."""
        answer = super().send(method, url, **told)
        target = answer.headers.get("location", "")
        is_relative = target and ":" not in target
        return super().send(method, f"{url}/{target}", **told) if is_relative else answer


TABLE = Table(
    [
        Bite(FollowsForEver, {"bounded"}),
        Bite(TakesRedirectsForAnswers, {"kind"}),
        Bite(JoinsByHand, {"reply-fits-journal", "resolved"}),
        Bite(StaysDown, {"recovers"}),
    ],
    follows={
        # What is reported then is the answer of a path that is none of the API's.
        "resolved": {"reply-fits-journal"},
    },
)
