"""What becomes of a POST when it is sent again."""

from ...model_client.api_calls import ApiCalls
from ...model_client.client import ModelClient
from ...model_client.values import Answer, Message


class LosesTheBody(ApiCalls):
    """Has read the body to its end when it sends it again."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self.sent: set[int] = set()

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send it once, and nothing afterwards."""
        if message["id"] in self.sent:
            method, message = self.again(method), {**message, "body": {}}
        self.sent.add(message["id"])
        return super().api_request(method, path, message, stored)

    def again(self, method: str) -> str:
        """Give the method of what is sent again."""
        return method


class RepeatsAsGet(LosesTheBody):
    """Sends a GET the second time, as after a redirect."""

    def again(self, method: str) -> str:
        """Look at no method."""
        return "GET"
