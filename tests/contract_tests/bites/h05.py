"""H05: clients that follow links, or can't read them."""

from ..model_client.api_calls import ApiCalls
from ..model_client.lists import Lists
from ..model_client.values import Answer, Message
from .table import Bite, Table


class FollowsLinks(Lists):
    """Follows every link with its token."""

    def page(self, message: Message, number: int) -> Message:
        """Follow the links of the page."""
        document = super().page(message, number)
        stored = self.client.store.load(self.client.store.user("u1")) or {}
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        for link in document.get("links", {}).values():
            if link:
                self.client.http.send("GET", link, headers=headers)
        return document


class FollowsTheNextPage(Lists):
    """Opens the link to the next page, where there is one, as it stands."""

    def page(self, message: Message, number: int) -> Message:
        """Follow the link."""
        document = super().page(message, number)
        link = document.get("links", {}).get("next")
        if link and document["meta"]["next_page"] is not None:
            stored = self.client.store.load(self.client.store.user("u1")) or {}
            self.client.http.send(
                "GET", link, headers={"Authorization": f"Bearer {stored['access_token']}"}
            )
        return document


class CallsAnyURL(ApiCalls):
    """Takes a URL in the place of a path."""

    def check_path(self, path: str) -> None:
        """Let all pass."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Call what is a URL as it is."""
        if path.startswith("/"):
            return super().api_request(method, path, message, stored)
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        return self.client.http.send(method, path, headers=headers)


class CanNotReadLinks(Lists):
    """Expects links that are relative."""

    def page(self, message: Message, number: int) -> Message:
        """Fail."""
        assert not super().page(message, number).get("links")
        return {}


TABLE = Table(
    [
        Bite(FollowsLinks, {"no-token-elsewhere"}),
        Bite(FollowsTheNextPage, {"no-token-elsewhere"}),
        Bite(CallsAnyURL, {"no-token-elsewhere"}),
        Bite(CanNotReadLinks, {"no-bug"}),
    ],
)
