"""What shows secrets."""

from ...model_client.api_calls import ApiCalls
from ...model_client.operations import Operations
from ...model_client.values import Answer, Message


class ShowsItsSettings(Operations):
    """Hands its settings to its exceptions, whose repr shows them."""

    def describe(self, error: Exception) -> Message:
        """Add the settings."""
        return {**super().describe(error), "repr": repr((error, self.config))}


class SendsItInTheQueryToo(ApiCalls):
    """Adds the access token to the URL, where every log shows it."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Add it."""
        path = f"{path}?access_token={stored['access_token']}"
        return super().api_request(method, path, message, stored)
