"""E01: clients that show the access token elsewhere, or hide it."""

from ..model_client.api_calls import ApiCalls
from ..model_client.sending import Sending
from ..model_client.values import Answer, Message
from .shared.talkative import SendsItInTheQueryToo
from .table import Bite, Table


class SendsAnotherScheme(Sending):
    """Sends the token as Livestorm's private API tokens are sent."""

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: object) -> Answer:
        """Leave the scheme out."""
        if "Authorization" in headers:
            headers["Authorization"] = headers["Authorization"].removeprefix("Bearer ")
        return super().send(method, url, headers=headers, **content)  # type: ignore[arg-type]


class SendsItTwice(Sending):
    """Sets the header in the client's defaults, and in the request."""

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: object) -> Answer:
        """Set it again."""
        if "Authorization" in headers:
            headers["authorization"] = headers["Authorization"]
        return super().send(method, url, headers=headers, **content)  # type: ignore[arg-type]


class CallsNothing(ApiCalls):
    """Crashes before its first request."""

    def call(self, message: Message) -> Message:
        """Expect what is not there."""
        return {"http_status": self.config["headers"]}


TABLE = Table(
    [
        Bite(CallsNothing, {"bearer"}),
        Bite(SendsAnotherScheme, {"bearer"}),
        Bite(SendsItTwice, {"once"}),
        Bite(SendsItInTheQueryToo, {"nowhere-else"}),
    ],
)
