"""H04: a client whose HTTP library follows redirects."""

from .conftest import Put, failed
from .model_client import ModelClient


class FollowsRedirects(ModelClient):
    """Leaves its HTTP library's default as it is."""

    def follows_redirects(self) -> bool:
        """Follow."""
        return True


def test_followed_redirect_is_found(put: Put) -> None:
    """The secrets go along, and what is served there is taken."""
    assert failed(put("H04", FollowsRedirects)) == {
        "no-secret-elsewhere",
        "not-followed",
        "kind",
        "store-unchanged",
    }
