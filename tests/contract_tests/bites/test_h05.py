"""H05: clients that follow links, or can't read them."""

import pytest

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class FollowsLinks(ModelClient):
    """Follows every link with its token."""

    def page(self, message: Message, number: int) -> Message:
        """Follow the links of the page."""
        document = super().page(message, number)
        stored = self.load(self.user("u1")) or {}
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        for link in document.get("links", {}).values():
            if link:
                self.send("GET", link, headers=headers)
        return document


class FollowsTheNextPage(ModelClient):
    """Opens the link to the next page, where there is one, as it stands."""

    def page(self, message: Message, number: int) -> Message:
        """Follow the link."""
        document = super().page(message, number)
        link = document.get("links", {}).get("next")
        if link and document["meta"]["next_page"] is not None:
            stored = self.load(self.user("u1")) or {}
            self.send("GET", link, headers={"Authorization": f"Bearer {stored['access_token']}"})
        return document


class CallsAnyURL(ModelClient):
    """Takes a URL in the place of a path."""

    def check_path(self, path: str) -> None:
        """Let all pass."""

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Call what is a URL as it is."""
        if path.startswith("/"):
            return super().api_request(method, path, message, stored)
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        return self.send(method, path, headers=headers)


class CanNotReadLinks(ModelClient):
    """Expects links that are relative."""

    def page(self, message: Message, number: int) -> Message:
        """Fail."""
        assert not super().page(message, number).get("links")
        return {}


@pytest.mark.parametrize("client", [FollowsLinks, FollowsTheNextPage, CallsAnyURL])
def test_followed_link_is_found(put: Put, client: type[ModelClient]) -> None:
    """The other host hears the token."""
    assert failed(put("H05", client)) == {"no-token-elsewhere"}


@pytest.mark.parametrize(
    ("client", "links"),
    [
        (FollowsLinks, ["next to another host", "next to another port", "next to another http"]),
        (FollowsTheNextPage, ["next to another host", "next to another http"]),
        (CallsAnyURL, ["called to another host"]),
    ],
)
def test_each_link_is_found(put: Put, client: type[ModelClient], links: list[str]) -> None:
    """Another port or scheme is another origin, too."""
    assert set(put("H05", client).variants) >= set(links)


def test_crash_over_a_link_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("H05", CanNotReadLinks)) == {"no-bug"}
