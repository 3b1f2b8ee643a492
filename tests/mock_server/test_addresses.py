"""The addresses at which the fake is reached, and all that names them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, MockLivestorm
from livestorm_mock_server import addresses as addresses_module
from livestorm_mock_server.addresses import Addresses
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.listeners import Listeners
from livestorm_mock_server.scenario_files import load_scenario, prepared
from livestorm_mock_server.server_thread import ServerThread

METADATA = "/.well-known/oauth-authorization-server"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"

EVERYWHERE = Addresses(host="0.0.0.0", port=8787, other_port=9)  # noqa: S104 - nothing is bound
EVERYWHERE_6 = Addresses(host="::", port=8787, other_port=9)
HERE = Addresses(host="127.0.0.1", port=8787, other_port=9)
HERE_6 = Addresses(host="::1", port=8787, other_port=9)
NAMED = Addresses(
    host="0.0.0.0",  # noqa: S104 - nothing is bound
    port=8787,
    other_port=9,
    public_url="https://fake.test",
    other_url="https://other.test:8443",
)


@pytest.mark.parametrize(
    ("addresses", "base_url", "url", "other"),
    [
        (HERE, None, "http://127.0.0.1:8787", "http://127.0.0.1:9"),
        (HERE_6, None, "http://[::1]:8787", "http://[::1]:9"),
        (HERE, "http://localhost:8787", "http://localhost:8787", "http://127.0.0.1:9"),
        (HERE, "https://front.test", "https://front.test", "http://127.0.0.1:9"),
        (EVERYWHERE, None, "http://127.0.0.1:8787", "http://127.0.0.1:9"),
        (EVERYWHERE_6, None, "http://[::1]:8787", "http://[::1]:9"),
        (EVERYWHERE, "http://livestorm:8787", "http://livestorm:8787", "http://livestorm:9"),
        (EVERYWHERE_6, "http://[::7]:8787", "http://[::7]:8787", "http://[::7]:9"),
        (EVERYWHERE, "http://", "http://", "http://127.0.0.1:9"),
        (NAMED, None, "https://fake.test", "https://other.test:8443"),
        (NAMED, "http://livestorm:8787", "https://fake.test", "https://other.test:8443"),
    ],
)
def test_server_is_where_it_was_named_addressed_or_listens(
    addresses: Addresses,
    base_url: str | None,
    url: str,
    other: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the server was told comes first, then what the one who asks used, then loopback."""
    monkeypatch.setattr(addresses_module, "_has_ipv6", lambda: True)
    assert (addresses.url(base_url), addresses.other(base_url)) == (url, other)


def test_server_everywhere_is_at_what_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine may listen at `::` and have no IPv6 otherwise."""
    monkeypatch.setattr(addresses_module, "_has_ipv6", lambda: False)
    assert EVERYWHERE_6.url() == "http://127.0.0.1:8787"
    assert EVERYWHERE_6.other() == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://fake.test", "https://fake.test"),
        ("https://fake.test/", "https://fake.test"),
        ("HTTPS://Fake.TEST:443", "https://fake.test"),
        ("http://fake.test:80/", "http://fake.test"),
        ("http://fake.test:443", "http://fake.test:443"),
        ("http://my_fake:8787", "http://my_fake:8787"),
        ("http://[2001:DB8::1]:8787", "http://[2001:db8::1]:8787"),
    ],
)
def test_url_is_kept_as_browsers_write_origins(given: str, origin: str) -> None:
    """Case, the scheme's own port and the last slash make no difference."""
    assert Addresses(public_url=given).public_url == origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "an origin such as"),
        ("fake.test", "an origin such as"),
        ("fake.test:8787", "an origin such as"),
        ("//fake.test", "an origin such as"),
        ("ftp://fake.test", "an origin such as"),
        ("https://", "an origin such as"),
        ("https://:8787", "an origin such as"),
        ("https://fake.test:0", "an origin such as"),
        ("https://fake.test:99999", "an origin such as"),
        ("https://fake.test:x", "an origin such as"),
        ("https://[::", "an origin such as"),
        ("https://fäke.test", "an origin such as"),
        ("https://a b", "an origin such as"),
        ("https://fake.test/mock", "the origin alone, https://fake.test"),
        ("https://fake.test?", "the origin alone, https://fake.test"),
        ("https://fake.test#a", "the origin alone, https://fake.test"),
        ("https://user@fake.test", "the origin alone, https://fake.test"),
        ("https://fake.test\n", "the origin alone, https://fake.test"),
        ("http://0.0.0.0:8787", "an address that clients can go to"),
        ("http://[::]:8787", "an address that clients can go to"),
    ],
)
@pytest.mark.parametrize("key", ["public_url", "other_url"])
def test_url_that_is_no_origin_is_refused(key: str, url: str, expected: str) -> None:
    """The error names the key, the URL, and what was expected."""
    with pytest.raises(InvalidInputError) as caught:
        MockLivestorm(**{key: url})  # type: ignore[arg-type]
    assert (caught.value.key, caught.value.value) == (key, url)
    assert expected in str(caught.value)


def test_second_origin_must_be_another() -> None:
    """Two names of one origin would make no redirection dangerous."""
    with pytest.raises(InvalidInputError, match="another origin than public_url"):
        Addresses(public_url="https://fake.test", other_url="https://FAKE.test:443/")


@given(st.text() | st.from_regex(r"https?://[^/]*(/.*)?"))
def test_any_text_is_an_origin_or_refused(url: str) -> None:
    """What is accepted once is kept as it is from then on."""
    try:
        origin = Addresses(public_url=url).public_url
    except InvalidInputError:
        return
    assert Addresses(public_url=origin).public_url == origin


@pytest.mark.parametrize(
    ("addresses", "url", "base_url", "included"),
    [
        (HERE, "http://127.0.0.1:8787/oauth/authorize?a=b", None, True),
        (HERE, "HTTP://LOCALHOST:8787/", None, True),
        (HERE, "http://127.0.0.1:9/", None, True),
        (HERE, "https://127.0.0.1:8787/", None, False),
        (HERE, "http://127.0.0.1/", None, False),
        (HERE, "http://127.0.0.2:8787/", None, False),
        (HERE, "http://[::1]:8787/", None, False),
        (HERE, "http://127.0.0.1:8787@evil.test/", None, False),
        (HERE, "http://evil.test:8787/", None, False),
        (HERE, "http://evil.test:8787/", "http://front.test", False),
        (HERE, "https://front.test:443/a", "https://front.test", True),
        (HERE, "http://front.test/a", "https://front.test", False),
        (HERE_6, "http://[::1]:8787/", None, True),
        (HERE_6, "http://localhost:9/", None, True),
        (HERE_6, "http://127.0.0.1:8787/", None, False),
        (EVERYWHERE, "http://127.8.8.8:8787/", None, True),
        (EVERYWHERE, "http://[::1]:8787/", None, True),
        (EVERYWHERE, "http://0.0.0.0:8787/", None, True),
        (EVERYWHERE, "http://192.0.2.1:8787/", None, False),
        (EVERYWHERE, "http://192.0.2.1:8787/", "http://192.0.2.1:8787", True),
        (NAMED, "https://FAKE.test/oauth/authorize", None, True),
        (NAMED, "https://other.test:8443", None, True),
        (NAMED, "https://other.test", None, False),
        (NAMED, "http://localhost:8787/", None, True),
        (HERE, "", None, False),
        (HERE, "/oauth/authorize", None, False),
        (HERE, "http://[", None, False),
        (HERE, "http://127.0.0.1:x/", None, False),
        (HERE, "http://a b/", "http://a b", False),
    ],
)
def test_urls_of_the_server_are_told_from_others(
    addresses: Addresses, url: str, base_url: str | None, included: bool
) -> None:
    """Its names, how it was addressed, and loopback names of where it listens are its own."""
    assert addresses.includes(url, base_url) == included


@given(st.text(), st.text() | st.none())
def test_any_text_is_told_from_the_servers_urls(url: str, base_url: str | None) -> None:
    """Odd URLs are no error; none of them is the server's."""
    assert not HERE.includes(f"x{url}", base_url)


@pytest.fixture(scope="module")
def everywhere() -> Iterator[MockLivestorm]:
    """A server that listens at every IPv4 address."""
    with MockLivestorm(host="0.0.0.0") as livestorm:  # noqa: S104 - what is tested
        yield livestorm


@pytest.fixture(scope="module")
def listening() -> Iterator[str]:
    """Where a server listens that has other names."""
    named = Addresses(public_url="https://fake.test", other_url="https://other.test")
    scenario = prepared(load_scenario("happy_path"))
    listeners = Listeners("127.0.0.1", 0, named=named)
    access = ControlAccess.for_server("127.0.0.1")
    server = ServerThread(scenario, listeners, access)
    yield f"http://127.0.0.1:{server.addresses.port}"
    server.stop()


def test_server_everywhere_says_an_address_that_can_be_reached(everywhere: MockLivestorm) -> None:
    """`0.0.0.0` is no address to go to; both origins are at loopback."""
    assert httpx.get(f"{everywhere.api_url}/ping").status_code == 401
    assert httpx.get(f"{everywhere.other_url}/v1/ping").status_code == 401
    assert everywhere.origin == everywhere.app_url != everywhere.other_url


def test_server_everywhere_redirects_to_the_host_that_was_addressed(
    everywhere: MockLivestorm,
) -> None:
    """The second origin is looked for where the client found the first."""
    everywhere.faults.arm("api.ping", "redirect", times=1)
    url = httpx.URL(f"{everywhere.api_url}/ping", host="localhost")
    location = httpx.get(url).headers["location"]
    port = urlsplit(everywhere.other_url).port
    assert location == f"http://localhost:{port}/v1/ping"


def test_fake_in_python_is_at_its_names() -> None:
    """The attributes say the public URL and that of the second origin."""
    with MockLivestorm(public_url="https://fake.test", other_url="https://other.test") as livestorm:
        assert (livestorm.origin, livestorm.app_url) == ("https://fake.test", "https://fake.test")
        assert livestorm.api_url == "https://fake.test/v1"
        assert livestorm.other_url == "https://other.test"
        assert livestorm.sandbox().app_url.startswith("https://fake.test/s/")


def test_control_api_says_the_names(listening: str, http: httpx.Client) -> None:
    """However the control API was addressed, what it describes is at the public URL."""
    (described,) = http.get(f"{listening}/_mock/sandboxes").json()["sandboxes"]
    assert described["app_url"] == "https://fake.test"
    assert described["control_url"] == "https://fake.test/_mock"
    assert described["other_url"] == "https://other.test"


def test_metadata_say_the_name(listening: str, http: httpx.Client) -> None:
    """However the metadata were addressed, the issuer is the public URL."""
    http.put(f"{listening}/_mock/scenario", json={"toml": "provider.release = '6.0'"})
    document = http.get(listening + METADATA).json()
    assert document["issuer"] == "https://fake.test"
    assert document["token_endpoint"] == "https://fake.test/oauth/token"


def test_short_cut_leads_to_the_name(listening: str, http: httpx.Client) -> None:
    """The page that shows an out-of-band code is at the public URL."""
    body = {"redirect_uri": OUT_OF_BAND}
    location = http.post(f"{listening}/_mock/authorize", json=body).json()["location"]
    assert location.startswith("https://fake.test/oauth/authorize/native?code=")


@pytest.mark.parametrize(
    ("to", "location"),
    [("other_origin", "https://other.test/v1/ping"), ("same_origin", "{}/v1/ping")],
)
def test_redirection_goes_to_the_name_of_the_second_origin(
    listening: str, http: httpx.Client, to: str, location: str
) -> None:
    """The second origin has its name, and the same one is where the client is."""
    fault = {"on": "api", "fault": "redirect", "to": to, "times": 1}
    http.post(f"{listening}/_mock/faults", json=fault)
    answer = http.get(f"{listening}/v1/ping")
    assert answer.headers["location"] == location.format(listening)
