"""A first test: the fixture `livestorm` is a fake Livestorm, new for each test."""

import pytest
from livestorm_example import Client, Failure  # YOURS
from livestorm_mock_server import LivestormSandbox


@pytest.fixture
def client(livestorm: LivestormSandbox) -> Client:
    """Give a client whose user has approved."""
    config = {
        "authorize_url": f"{livestorm.app_url}/oauth/authorize",
        "token_url": f"{livestorm.app_url}/oauth/token",
        "api_base": livestorm.api_url,
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "redirect_uri": livestorm.redirect_uri,
        "scopes": ["identity:read"],
    }
    client = Client(config)
    client.callback(livestorm.authorize(client.begin()))  # the user at the browser
    return client


def test_connected_user_can_call(client: Client) -> None:
    """What the fake has issued, it takes."""
    assert client.call("GET", "/me", None) == 200


def test_limit_is_told_with_its_wait(livestorm: LivestormSandbox, client: Client) -> None:
    """A 429 says when to come again; docs/faults.md has what else can go wrong."""
    livestorm.faults.arm("api.me", "rate_limited", retry_after=2)
    with pytest.raises(Failure) as caught:
        client.call("GET", "/me", None)
    assert (caught.value.kind, caught.value.wait) == ("retry_later", 2)
