"""A workspace with two users, and what is asked of them."""

from livestorm_mock_server import ProviderOptions, Scenario
from livestorm_mock_server.scenario import UserEntry

SCOPES = "identity:read events:write webhooks:read"
TWO_USERS = Scenario(
    provider=ProviderOptions(rate_limits=False, any_redirect_uri=True),
    users=(
        UserEntry(email="ada.martin@example.test"),
        UserEntry(email="grace.dupont@example.test", first_name="Grace", last_name="Dupont"),
    ),
)
