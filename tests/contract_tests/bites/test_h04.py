"""H04: a client whose HTTP library follows redirects."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import ModelClient


class RefreshesOnly(ModelClient):
    """Gets its tokens from elsewhere."""

    ops = ("call", "refresh", "seed", "state")


class FollowsRedirects(ModelClient):
    """Leaves its HTTP library's default as it is."""

    def follows_redirects(self) -> bool:
        """Follow."""
        return True


class FollowsRefreshes(RefreshesOnly, FollowsRedirects):
    """Does both."""


def test_client_without_authorization_is_judged_by_its_refreshes(put: Put) -> None:
    """What it can't do is left out."""
    assert put("H04", RefreshesOnly).verdict is Verdict.PASS
    assert put("H04", FollowsRefreshes).verdict is Verdict.FAIL


def test_followed_redirect_is_found(put: Put) -> None:
    """The secrets go along, and what is served there is taken."""
    assert failed(put("H04", FollowsRedirects)) == {
        "no-secret-elsewhere",
        "not-followed",
        "kind",
        "store-unchanged",
    }
