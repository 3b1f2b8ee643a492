"""E01: clients that show the access token elsewhere, or hide it."""

import pytest

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class SendsAnotherScheme(ModelClient):
    """Sends the token as Livestorm's private API tokens are sent."""

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: object) -> Answer:
        """Leave the scheme out."""
        if "Authorization" in headers:
            headers["Authorization"] = headers["Authorization"].removeprefix("Bearer ")
        return super().send(method, url, headers=headers, **content)  # type: ignore[arg-type]


class SendsItTwice(ModelClient):
    """Sets the header in the client's defaults, and in the request."""

    def send(self, method: str, url: str, *, headers: dict[str, str], **content: object) -> Answer:
        """Set it again."""
        if "Authorization" in headers:
            headers["authorization"] = headers["Authorization"]
        return super().send(method, url, headers=headers, **content)  # type: ignore[arg-type]


class SendsItInTheQueryToo(ModelClient):
    """Adds the token to the URL, where every log shows it."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Add it."""
        path = f"{path}?access_token={stored['access_token']}"
        return super().api_request(method, path, message, stored)


class CallsNothing(ModelClient):
    """Crashes before its first request."""

    def call(self, message: Message) -> Message:
        """Expect what is not there."""
        return {"http_status": self.config["headers"]}


BROKEN: dict[type[ModelClient], set[str]] = {
    CallsNothing: {"bearer"},
    SendsAnotherScheme: {"bearer"},
    SendsItTwice: {"once"},
    SendsItInTheQueryToo: {"nowhere-else"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_misplaced_token_is_found(put: Put, client: type[ModelClient]) -> None:
    """The request shows it, whatever the server made of it."""
    assert failed(put("E01", client)) == BROKEN[client]
