"""Who may use the control API: programs, and no web page."""

import hmac
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.reading import InvalidInputError

from .wire import Wire

LOOPBACK = ControlAccess.for_server("127.0.0.1")
JSON = {"content-type": "application/json"}


def status(
    access: ControlAccess, method: str = "GET", path: str = "/_mock/journal", **headers: str
) -> int:
    """Give the status of the refusal, 200 where there is none."""
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    refusal = access.refusal(method, path, pairs)
    return 200 if refusal is None else refusal.status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8787",
        "127.255.0.9:1",
        "localhost",
        "LocalHost:8787",
        "[::1]",
        "[::1]:8787",
        "127.0.0.1:",
    ],
)
def test_loopback_host_is_answered(host: str) -> None:
    """By any of its names, with a port and without."""
    assert status(LOOPBACK, host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example:8787",
        "192.168.1.7:8787",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "[::]",
        "[::1",
        "::1",
        "127.0.0.1:8787:1",
        "127.0.0.1:x",
        "127.1",
        "localhost.",
        "",
        " ",
    ],
)
def test_foreign_host_is_refused(host: str) -> None:
    """A name that somebody else makes lead here is not one of the fake's."""
    assert status(LOOPBACK, host=host) == 403


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30))
def test_no_name_but_the_loopback_is_answered(name: str) -> None:
    """Whatever a Host header says, it is refused unless it is the loopback."""
    bare = name.strip().lower().rpartition(":")[0] or name.strip().lower()
    is_own = bare == "localhost" or bare.startswith(("127.", "["))
    assert is_own or status(LOOPBACK, host=name) == 403


@pytest.mark.parametrize("hosts", [0, 2])
def test_host_is_there_once(hosts: int) -> None:
    """Without one, or with two, nothing tells under which name the request came."""
    refusal = LOOPBACK.refusal("GET", "/_mock/journal", [(b"host", b"localhost")] * hosts)
    assert refusal is not None
    assert (refusal.status, f"{hosts} Host headers" in refusal.told) == (403, True)


def test_allowed_host_is_answered() -> None:
    """Beside the loopback, with any port and in any case."""
    access = ControlAccess.for_server("127.0.0.1", allowed_hosts=["Mock.Internal", "[fd00::7]"])
    answered = ["mock.internal", "MOCK.internal:80", "[fd00::7]:1", "localhost"]
    assert {status(access, host=one) for one in answered} == {200}
    assert status(access, host="internal") == 403


@pytest.mark.parametrize("host", ["", "mock:80", "http://mock", "a b", "-", "[::1"])
def test_allowed_host_must_be_one(host: str) -> None:
    """What no Host header can have is a mistake."""
    with pytest.raises(InvalidInputError, match="--allowed-host"):
        ControlAccess.for_server("127.0.0.1", allowed_hosts=[host])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": "http://127.0.0.1:8787"}, 200),
        ({"origin": "https://127.0.0.1:8787"}, 200),
        ({"origin": "http://127.0.0.1:3000"}, 403),
        ({"origin": "http://localhost:8787"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://127.0.0.1:8787:1"}, 403),
        ({"origin": "http://127.0.0.1:99999"}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"origin": "file://127.0.0.1:8787"}, 403),
        ({"x_forwarded_host": "localhost:8787"}, 200),
        ({"x_forwarded_host": "evil.example"}, 403),
        ({"x_forwarded_host": "localhost, evil.example"}, 403),
        ({"x_forwarded_host": "evil.example, localhost"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:8787", "sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_page_of_another_origin_is_refused(headers: dict[str, str], expected: int) -> None:
    """The browser tells whose page asks."""
    assert status(LOOPBACK, host="127.0.0.1:8787", **headers) == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/vnd.api+json", 200),
        ("text/plain", 415),
        ("text/plain; a=application/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("", 415),
    ],
)
@pytest.mark.parametrize("framing", [{"content_length": "2"}, {"transfer_encoding": "chunked"}])
def test_body_is_json(content_type: str, framing: dict[str, str], expected: int) -> None:
    """What a form or a page can send without asking is none."""
    told = {"host": "localhost", "content_type": content_type, **framing}
    assert status(LOOPBACK, "POST", **told) == expected


def test_request_without_a_body_needs_no_type() -> None:
    """`POST /_mock/reset` has nothing to say."""
    assert status(LOOPBACK, "POST", host="localhost") == 200
    assert status(LOOPBACK, "POST", host="localhost", content_length="0") == 200
    assert status(LOOPBACK, "DELETE", host="localhost") == 200


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("localhost", "http://localhost", 200),
        ("localhost", "https://localhost", 200),
        ("localhost:80", "http://localhost", 200),
        ("localhost:443", "https://localhost:443", 200),
        ("localhost:80", "http://localhost:443", 403),
        ("localhost:80", "https://localhost", 403),
        ("localhost:99999", "null", 403),
        ("[::1]:8787", "http://[::1]:8787", 200),
        ("LOCALHOST:8787", "http://localhost:8787", 200),
    ],
)
def test_origin_is_compared_whole(host: str, origin: str, expected: int) -> None:
    """The port goes without saying where it is the scheme's; what can't be read is foreign."""
    assert status(LOOPBACK, host=host, origin=origin) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost", "LocalHost"])
def test_loopback_needs_no_token(host: str) -> None:
    """Nobody else can reach it."""
    access = ControlAccess.for_server(host)
    assert (access.token, access.is_exposed) == (None, False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - nothing is bound
def test_other_address_has_a_token(host: str) -> None:
    """It is long, and another each time; one that is given is kept, and `insecure` needs none."""
    first, second = ControlAccess.for_server(host), ControlAccess.for_server(host)
    assert first.token != second.token
    assert len(first.token or "") >= 40
    assert ControlAccess.for_server(host, token="given").token == "given"
    without = ControlAccess.for_server(host, insecure=True)
    assert (without.token, without.is_exposed) == (None, True)


@pytest.mark.parametrize("token", ["", "a b", "ä", "a\n"])
def test_token_fits_into_a_header(token: str) -> None:
    """One that no client could send is a mistake; it is not shown."""
    with pytest.raises(InvalidInputError, match="--control-token is '\\[hidden\\]'"):
        ControlAccess.for_server("127.0.0.1", token=token)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Bearer secret", 200),
        ("bearer  secret", 200),
        ("Bearer secrets", 401),
        ("Bearer secre", 401),
        ("Bearer ", 401),
        ("Basic secret", 401),
        ("secret", 401),
        (None, 401),
    ],
)
def test_token_is_compared(given: str | None, expected: int) -> None:
    """Only the whole token will do, but whether it lives anybody may ask."""
    access = ControlAccess.for_server("127.0.0.1", token="secret")
    headers = {"host": "localhost"} | ({} if given is None else {"authorization": given})
    assert status(access, **headers) == expected
    assert status(access, path="/_mock/health", host="localhost") == 200


@pytest.mark.parametrize(("given", "expected"), [("secret", 200), ("secreT", 401), ("", 401)])
def test_token_is_compared_in_constant_time(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: int
) -> None:
    """How long a refusal takes tells nothing of the right token."""
    compared = []
    compare = hmac.compare_digest

    def spy(one: bytes, other: bytes) -> bool:
        compared.append({one, other})
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    access = ControlAccess.for_server("127.0.0.1", token="secret")
    assert status(access, host="localhost", authorization=f"Bearer {given}") == expected
    assert compared == [{given.encode(), b"secret"}]


@pytest.mark.parametrize(
    ("host", "answered", "refused"),
    [
        ("0.0.0.0", ["192.0.2.7", "[fd00::1]:80"], ["mock", "evil.example"]),  # noqa: S104
        ("192.0.2.7", ["192.0.2.7:80", "127.0.0.1"], ["192.0.2.8", "evil.example"]),
        ("Mock", ["mock", "localhost"], ["evil.example"]),
    ],
)
def test_bound_address_is_answered(host: str, answered: list[str], refused: list[str]) -> None:
    """All addresses where it listens on all: no page can be at a name that is an address."""
    access = ControlAccess.for_server(host, insecure=True)
    assert {status(access, host=one) for one in answered} == {200}
    assert {status(access, host=one) for one in refused} == {403}


def test_token_and_no_token_contradict() -> None:
    """Who gives a token wants it to be asked for."""
    with pytest.raises(InvalidInputError, match="--insecure"):
        ControlAccess.for_server("127.0.0.1", token="given", insecure=True)


# On the wire


def test_refusal_says_why(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """In JSON, as all errors of the control API; and nothing is done."""
    answer = http.post(
        f"{livestorm.control_url}/faults", content=b'{"on": "api", "fault": "close"}'
    )
    assert answer.status_code == 415
    assert answer.json() == {"error": "the Content-Type is 'nothing'; expected application/json"}
    answer = http.get(f"{livestorm.control_url}/journal", headers={"Host": "evil.example"})
    assert (answer.status_code, "'evil.example'" in answer.json()["error"]) == (403, True)
    assert livestorm.faults.armed() == []


def test_host_of_http_1_0_is_missing(livestorm: LivestormSandbox) -> None:
    """A request without a Host header can't tell under which name it came."""
    with Wire(livestorm.control_url) as wire:
        path = urlsplit(livestorm.control_url).path
        wire.send(f"GET {path}/journal HTTP/1.0\r\n\r\n".encode())
        assert wire.read().status == 403


def test_provider_answers_under_any_name(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """What stands for Livestorm is called by its own hosts' names."""
    headers = {"Host": "api.livestorm.co", "Origin": "https://evil.example"}
    assert http.get(f"{livestorm.api_url}/ping", headers=headers).status_code != 403


@pytest.fixture
def guarded() -> Iterator[MockLivestorm]:
    """A fake whose control API wants a token."""
    access = ControlAccess.for_server("127.0.0.1", token="secret")
    with MockLivestorm(access=access) as livestorm:
        yield livestorm


def test_token_opens_the_control_api(guarded: MockLivestorm, http: httpx.Client) -> None:
    """In each sandbox, and the refusal says how."""
    with guarded.sandbox() as sandbox:
        for url in (guarded.control_url, sandbox.control_url):
            refused = http.get(f"{url}/journal")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            headers = {"Authorization": f"Bearer {guarded.control_token}"}
            assert http.get(f"{url}/journal", headers=headers).status_code == 200


def test_fake_without_a_control_api(http: httpx.Client) -> None:
    """Its paths are none, as they are at the real provider, and no request asks for a fault."""
    with MockLivestorm(access=None) as livestorm:
        assert http.get(f"{livestorm.control_url}/health").status_code == 404
        headers = {"X-Livestorm-Mock-Fault": "answer; status=418"}
        assert http.get(f"{livestorm.api_url}/ping", headers=headers).status_code == 401
        assert livestorm.control_token is None
