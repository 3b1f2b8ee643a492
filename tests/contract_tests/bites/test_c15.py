"""C15: clients that need a lifetime."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, User


class NeedsALifetime(ModelClient):
    """Refuses a token without a lifetime."""

    def lifetime(self, members: Message) -> float | None:
        """Look up what is only recommended."""
        return float(members["expires_in"])


class RefreshesAlways(ModelClient):
    """Takes an unknown lifetime for none."""

    def is_due(self, stored: Message) -> bool:
        """Refresh."""
        return stored.get("expires_at") is None


class TrustsItsClock(ModelClient):
    """Never refreshes what has no end."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Leave the token as it is."""
        return {}


class UsesNothing(ModelClient):
    """Takes an unknown lifetime for no connection."""

    def fresh(self, name: str, user: User) -> Message:
        """Refuse."""
        raise Failure(Kind.REAUTH_REQUIRED, "expired")


def test_needed_lifetime_is_found(put: Put) -> None:
    """It can't connect."""
    assert failed(put("C15", NeedsALifetime)) == {"connects"}


def test_refresh_each_call_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("C15", RefreshesAlways)) == {"no-refresh-each-call"}


def test_trust_is_found(put: Put) -> None:
    """The API's 401 shows it."""
    assert failed(put("C15", TrustsItsClock)) == {"relies-on-401"}


def test_unused_token_is_found(put: Put) -> None:
    """The call shows it."""
    assert failed(put("C15", UsesNothing)) == {"usable", "relies-on-401"}
