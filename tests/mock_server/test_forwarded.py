"""What is answered behind a proxy that tells how the client addressed it."""

from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.control_access import ControlAccess

METADATA = "/.well-known/oauth-authorization-server"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
FORWARDED = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "front.test:8443")]
FRONT = "https://front.test:8443"


@pytest.mark.livestorm(release="6.0")
def test_metadata_is_that_of_the_forwarded_address(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The issuer and all endpoints are where the client is, in front of the proxy."""
    document = http.get(f"{livestorm.app_url}{METADATA}", headers=FORWARDED).json()
    path = httpx.URL(livestorm.app_url).path
    assert document["issuer"] == FRONT + path
    assert document["token_endpoint"] == f"{FRONT}{path}/oauth/token"


@pytest.fixture(scope="module")
def behind() -> Iterator[MockLivestorm]:
    """A fake whose control API may be used by the proxy's name, too."""
    access = ControlAccess.for_server("127.0.0.1", allowed_hosts=["front.test"])
    with MockLivestorm(access=access) as livestorm:
        yield livestorm


@pytest.fixture
def proxied(behind: MockLivestorm) -> Iterator[LivestormSandbox]:
    """A sandbox of it."""
    with behind.sandbox() as sandbox:
        yield sandbox


def test_sandboxes_are_at_the_forwarded_address(behind: MockLivestorm, http: httpx.Client) -> None:
    """What is opened through a proxy is described as it is seen through it."""
    control_url = behind.control_url
    made = http.post(f"{control_url}/sandboxes", json={}, headers=FORWARDED).json()
    assert made["app_url"] == f"{FRONT}/s/{made['id']}"
    assert made["control_url"] == f"{FRONT}/s/{made['id']}/_mock"
    listed = http.get(f"{control_url}/sandboxes", headers=FORWARDED).json()["sandboxes"]
    assert made in listed
    http.delete(f"{control_url}/sandboxes/{made['id']}")


def test_scenario_is_put_at_the_forwarded_address(
    proxied: LivestormSandbox, http: httpx.Client
) -> None:
    """What `PUT scenario` gives is at the address, too."""
    body = {"scenario": "happy_path"}
    url = f"{proxied.control_url}/scenario"
    put = http.put(url, json=body, headers=FORWARDED).json()
    assert put["api_url"] == f"{FRONT}{httpx.URL(proxied.app_url).path}/v1"


def test_short_cut_leads_to_the_page_of_its_sandbox(
    proxied: LivestormSandbox, http: httpx.Client
) -> None:
    """The page that shows an out-of-band code is at the address, in the sandbox."""
    body = {"redirect_uri": OUT_OF_BAND}
    url = f"{proxied.control_url}/authorize"
    location = http.post(url, json=body, headers=FORWARDED).json()["location"]
    path = httpx.URL(proxied.app_url).path
    assert location.startswith(f"{FRONT}{path}/oauth/authorize/native?code=")


def test_short_cut_in_python_leads_to_the_page_of_its_sandbox(livestorm: LivestormSandbox) -> None:
    """Without a request, the page is where the sandbox is."""
    location = livestorm.authorize(redirect_uri=OUT_OF_BAND)
    assert location.startswith(f"{livestorm.app_url}/oauth/authorize/native?code=")


def test_archive_has_the_forwarded_address(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """A HAR shows the URL that the client used."""
    http.get(f"{livestorm.api_url}/ping", headers=FORWARDED)
    (har,) = http.get(f"{livestorm.control_url}/journal/har").json()["log"]["entries"]
    assert har["request"]["url"] == f"{FRONT}{httpx.URL(livestorm.api_url).path}/ping"


def test_redirection_to_the_same_origin_goes_to_the_forwarded_address(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The same origin is the one that the client addressed."""
    livestorm.faults.arm("api.ping", "redirect", to="same_origin")
    location = http.get(f"{livestorm.api_url}/ping", headers=FORWARDED).headers["location"]
    assert location == f"{FRONT}{httpx.URL(livestorm.api_url).path}/ping"


@pytest.mark.livestorm(consent="approve")
def test_redirection_of_the_engine_goes_to_the_forwarded_address(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """So does what Doorkeeper redirects to within the provider."""
    parameters = {
        "client_id": livestorm.client_id,
        "redirect_uri": OUT_OF_BAND,
        "response_type": "code",
    }
    url = f"{livestorm.app_url}/oauth/authorize"
    location = http.get(url, params=parameters, headers=FORWARDED).headers["location"]
    assert location.startswith(f"{FRONT}{httpx.URL(livestorm.app_url).path}/oauth/authorize/native")


def test_foreign_forwarded_host_is_refused(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """A proxy that puts in a name of the fake's own lets no foreign page in."""
    url = f"{livestorm.control_url}/journal"
    for host in ("front.test:8443", "[::x"):
        assert http.get(url, headers=[("X-Forwarded-Host", host)]).status_code == 403
