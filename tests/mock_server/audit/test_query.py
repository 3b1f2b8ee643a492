"""The rules on secrets in the query string."""

import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")


@pytest.mark.parametrize(
    "name", ["client_secret", "code", "code_verifier", "password", "refresh_token", "token"]
)
def test_secret_in_query_is_found(livestorm: LivestormSandbox, sender: Sender, name: str) -> None:
    """Whatever is secret has no place in the query of a token request."""
    url = f"{livestorm.app_url}/oauth/token"
    sender.http.post(url, params={name: "Kx81mQ" * 8 + "b"}, data={"grant_type": "password"})
    assert found(livestorm) == {"secret_in_query": (1,)}
    assert message(livestorm) == f"{name} is in the query string"


def test_secret_in_the_authorization_url_is_found(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """The browser must not see the secret."""
    sender.authorize(client_secret=livestorm.client_secret)
    assert found(livestorm) == {"secret_in_query": (1,)}


def test_secrets_in_the_body_are_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The body is their place."""
    sender.refresh(sender.connect()["refresh_token"])
    assert found(livestorm) == {}


def test_code_of_an_api_call_is_no_secret(livestorm: LivestormSandbox, sender: Sender) -> None:
    """Parameters of the API may have any name."""
    headers = {"Authorization": f"Bearer {sender.connect()['access_token']}"}
    sender.http.get(f"{livestorm.api_url}/me?code=spring&token=7", headers=headers)
    assert found(livestorm) == {}


def test_out_of_band_page_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The provider itself puts the code into the URL of the page that shows it."""
    answer = sender.authorize(redirect_uri="urn:ietf:wg:oauth:2.0:oob")
    assert sender.http.get(answer.headers["location"]).status_code == 200
    assert found(livestorm) == {}


@pytest.mark.parametrize("name", ["access_token", "bearer_token"])
def test_access_token_in_query_is_found(
    livestorm: LivestormSandbox, sender: Sender, name: str
) -> None:
    """An access token in the query is found under both names that the engine reads."""
    token = livestorm.issue_tokens()["access_token"]
    sender.http.get(f"{livestorm.api_url}/me", params={name: str(token)})
    assert found(livestorm) == {"access_token_in_query": (1,)}


def test_access_token_in_the_header_is_fine(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The header is its place."""
    assert sender.call(str(livestorm.issue_tokens()["access_token"])).status_code == 200
    assert found(livestorm) == {}
