"""The rule on client authentication."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .sender import Sender, found, message

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.fixture
def basic(livestorm: LivestormSandbox) -> dict[str, str]:
    """The header of HTTP Basic."""
    request = httpx.Request("GET", livestorm.app_url)
    auth = httpx.BasicAuth(livestorm.client_id, livestorm.client_secret)
    return {"Authorization": next(auth.auth_flow(request)).headers["Authorization"]}


def test_basic_beside_a_secret_is_found(
    livestorm: LivestormSandbox, sender: Sender, basic: dict[str, str]
) -> None:
    """Two mechanisms in one request are found."""
    sender.request_token(basic, grant_type="refresh_token", refresh_token="unknown-token")
    assert found(livestorm) == {"several_client_authentications": (1,)}
    assert message(livestorm) == "the client authenticates with HTTP Basic and client_secret"


def test_basic_beside_a_client_id_is_fine(
    livestorm: LivestormSandbox, sender: Sender, basic: dict[str, str]
) -> None:
    """A client_id alone authenticates nobody."""
    members = {"grant_type": "refresh_token", "refresh_token": "unknown-token"}
    sender.request_token(basic, client_secret=None, **members)
    assert found(livestorm) == {}
