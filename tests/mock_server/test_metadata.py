"""`/.well-known/oauth-authorization-server`, which came with Doorkeeper 6 (RFC 8414)."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

PATH = "/.well-known/oauth-authorization-server"


@pytest.mark.livestorm(release="6.0")
def test_metadata_describes_the_provider(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """The endpoints, grants and methods are the ones that answer; what is off is false or null."""
    answer = http.get(f"{livestorm.app_url}{PATH}")
    document = answer.json()
    base = document["issuer"]
    assert answer.headers["cache-control"] == "public"
    assert document["token_endpoint"] == f"{base}/oauth/token"
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert list(document.items())[-3:] == [
        ("authorization_response_iss_parameter_supported", False),
        ("resource_indicators_supported", False),
        ("userinfo_endpoint", None),
    ]


@pytest.mark.livestorm(release="6.0", introspection="disabled")
def test_metadata_has_no_endpoint_that_is_off(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Without introspection, none is announced."""
    assert "introspection_endpoint" not in http.get(f"{livestorm.app_url}{PATH}").json()


@pytest.mark.livestorm(release="5.9")
@pytest.mark.parametrize("accept", ["*/*", "text/html,nonsense"])
def test_earlier_releases_have_no_such_route(
    livestorm: LivestormSandbox, http: httpx.Client, accept: str
) -> None:
    """Not even the suffix of the path or the client's `Accept` is looked at."""
    answer = http.get(f"{livestorm.app_url}{PATH}.xml", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=UTF-8")
