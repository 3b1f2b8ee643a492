"""What asks the API of its own accord, with each new token."""

from ...model_client.store import Store
from ...model_client.values import Message, User


class IntroducesItself(Store):
    """Asks who the user is with each new token, by a member that tokens don't have."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and ask."""
        super().store_token(name, user, members, sent, sent_at)
        token = members.get("accessToken", "undefined")
        self.client.api.api_request("GET", "/me", {}, {"access_token": token})


class AsksFourTimes(Store):
    """Has four plug-ins that ask for the user with each new token."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and ask."""
        super().store_token(name, user, members, sent, sent_at)
        for _ in range(4):
            self.client.api.api_request("GET", "/me", {}, members)
