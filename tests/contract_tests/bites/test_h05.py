"""H05: clients that follow links, or can't read them."""

from .conftest import Put, failed
from .model_client import Message, ModelClient


class FollowsLinks(ModelClient):
    """Follows every link with its token."""

    def page(self, message: Message, number: int) -> Message:
        """Follow the links of the page."""
        document = super().page(message, number)
        stored = self.load(self.user("u1")) or {}
        headers = {"Authorization": f"Bearer {stored['access_token']}"}
        for link in document["links"].values():
            if link:
                self.send("GET", link, headers=headers)
        return document


class CanNotReadLinks(ModelClient):
    """Expects links that are relative."""

    def page(self, message: Message, number: int) -> Message:
        """Fail."""
        assert super().page(message, number)["links"] == {}
        return {}


def test_followed_link_is_found(put: Put) -> None:
    """The other host hears the token."""
    assert failed(put("H05", FollowsLinks)) == {"no-token-elsewhere"}


def test_crash_over_a_link_is_found(put: Put) -> None:
    """An assertion is no outcome."""
    assert failed(put("H05", CanNotReadLinks)) == {"no-bug"}
