"""D04: clients that need `expires_in`, or read too much into its absence."""

import pytest

from .common_mistakes import IgnoresRefusals
from .conftest import Put, failed
from .model_client import Message, ModelClient


class ExpectsALifetime(ModelClient):
    """Looks the lifetime up as if it had to be there."""

    def lifetime(self, members: Message) -> float | None:
        """Look it up."""
        return float(members["expires_in"])


class StoresTheEndOfTime(ModelClient):
    """Takes an unknown lifetime for an endless one."""

    def lifetime(self, members: Message) -> float | None:
        """Give centuries."""
        return 1e10 if "expires_in" not in members else super().lifetime(members)


class TakesUnknownForExpired(ModelClient):
    """Takes an unknown lifetime for none, and refreshes before each call."""

    def lifetime(self, members: Message) -> float | None:
        """Give nothing."""
        return 0.0 if "expires_in" not in members else super().lifetime(members)


BROKEN = {
    ExpectsALifetime: {"accepted", "not-every-call", "not-for-ever"},
    StoresTheEndOfTime: {"not-eternal"},
    TakesUnknownForExpired: {"not-every-call"},
    IgnoresRefusals: {"not-for-ever"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_wrong_idea_of_a_lifetime_is_found(put: Put, client: type[ModelClient]) -> None:
    """The journal shows who refreshes too often, too late or never."""
    assert failed(put("D04", client)) == BROKEN[client]
