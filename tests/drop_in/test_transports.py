"""Transports of httpx and an adapter of requests, for clients with the real hosts in their code."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.interception.httpx_transports import Transport
from requests.adapters import HTTPAdapter

API = "https://api.livestorm.co/v1"
APP = "https://app.livestorm.co/oauth"

pytestmark = pytest.mark.livestorm(rate_limits=False)


class Refused(Exception):
    """No connection is made, or it breaks."""


class Answer:
    """What comes back: status and body."""

    def __init__(self, status: int, body: str, url: str) -> None:
        self.status, self.body, self.url = status, body, url


def by_httpx(livestorm: LivestormSandbox, url: str, others: Any = None, **options: Any) -> Answer:
    with httpx.Client(transport=livestorm.httpx_transport(others), timeout=10) as client:
        try:
            answer = client.get(url, **options)
        except httpx.TransportError as error:
            raise Refused(str(error)) from error
        return Answer(answer.status_code, answer.text, str(answer.url))


def by_async_httpx(
    livestorm: LivestormSandbox, url: str, others: Any = None, **options: Any
) -> Answer:
    async def get() -> Answer:
        transport = livestorm.async_httpx_transport(others)
        async with httpx.AsyncClient(transport=transport, timeout=10) as client:
            try:
                answer = await client.get(url, **options)
            except httpx.TransportError as error:
                raise Refused(str(error)) from error
            return Answer(answer.status_code, answer.text, str(answer.url))

    return asyncio.run(get())


def by_requests(
    livestorm: LivestormSandbox, url: str, others: Any = None, **options: Any
) -> Answer:
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, livestorm.requests_adapter(others))
        try:
            answer = session.get(url, timeout=10, **options)
        except requests.RequestException as error:
            raise Refused(str(error)) from error
        return Answer(answer.status_code, answer.text, answer.url)


CLIENTS = {"httpx": by_httpx, "httpx, async": by_async_httpx, "requests": by_requests}
Ask = Callable[..., Answer]


@pytest.fixture(params=CLIENTS)
def ask(request: pytest.FixtureRequest) -> Ask:
    """Each client."""
    return CLIENTS[request.param]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_request_is_in_the_journal_as_it_was_written(
    livestorm: LivestormSandbox, ask: Ask, scheme: str
) -> None:
    """With the real host, the scheme, and the path without any prefix of a sandbox."""
    token = livestorm.issue_tokens()["access_token"]
    url = f"{scheme}://api.livestorm.co/v1/me?a=%2F"
    answer = ask(livestorm, url, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.url) == (200, url)
    (entry,) = livestorm.journal.entries()
    assert entry.exchange.request.base_url == f"{scheme}://api.livestorm.co"
    assert entry.exchange.request.target == "/v1/me?a=%2F"
    assert entry.exchange.request.header("host") == "api.livestorm.co"


def test_host_serves_what_it_serves_only(livestorm: LivestormSandbox, ask: Ask) -> None:
    """The API is not at the application's host, and the control API at neither."""
    assert ask(livestorm, "https://app.livestorm.co/v1/ping").status == 404
    assert ask(livestorm, "https://api.livestorm.co/_mock/health").status == 404


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://www.livestorm.co/", "www.livestorm.co:443 is not faked"),
        ("https://livestorm.co/", "livestorm.co:443 is not faked"),
        ("https://api.livestorm.co:8443/v1/ping", "api.livestorm.co:8443 is not faked"),
    ],
)
def test_what_is_not_faked_is_refused(
    livestorm: LivestormSandbox, ask: Ask, url: str, told: str
) -> None:
    """Nothing below livestorm.co is left to the real service."""
    with pytest.raises(Refused, match=told):
        ask(livestorm, url)


def test_other_host_is_reached_where_it_is(livestorm: LivestormSandbox, ask: Ask) -> None:
    """By default, over the network."""
    assert ask(livestorm, f"{livestorm.control_url}/health").status == 200


def test_other_host_goes_by_the_given_transport(livestorm: LivestormSandbox) -> None:
    """So the transports and adapters that a team has already go on to work."""
    tea = httpx.MockTransport(lambda request: httpx.Response(418, text=request.url.host))
    for client in (by_httpx, by_async_httpx):
        answer = client(livestorm, "https://other.example.test/", tea)
        assert (answer.status, answer.body) == (418, "other.example.test")
        assert client(livestorm, f"{API}/ping", tea).status == 401


def test_other_host_goes_by_the_given_adapter(livestorm: LivestormSandbox) -> None:
    """The same for requests."""

    class Tea(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> Any:
            response = requests.Response()
            response.status_code, response.url = 418, str(request.url)
            response._content = b""
            return response

    assert by_requests(livestorm, "https://other.example.test/", Tea()).status == 418
    assert by_requests(livestorm, f"{API}/ping", Tea()).status == 401


def test_proxy_of_the_environment_has_no_say(
    livestorm: LivestormSandbox, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is meant for the fake does not leave the machine by a detour."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(livestorm, f"{API}/ping").status == 401


@pytest.mark.parametrize(
    "fault", ["reset", "close", "reset_in_body", "short_body", "cut_chunked", "endless_headers"]
)
def test_transport_fault_strikes(livestorm: LivestormSandbox, ask: Ask, fault: str) -> None:
    """What happens to a connection happens here, too: it is one."""
    livestorm.faults.arm("api.me", fault)
    token = livestorm.issue_tokens()["access_token"]
    with pytest.raises(Refused):
        ask(livestorm, f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    struck = {one.strike and one.strike.fault.kind for one in livestorm.journal}
    assert struck == {fault}


@pytest.mark.parametrize("variant", ["unknown_ca", "expired", "wrong_name", "reset"])
def test_handshake_fault_strikes(livestorm: LivestormSandbox, ask: Ask, variant: str) -> None:
    """A bad certificate is refused, for the name that was asked for."""
    assert ask(livestorm, f"{API}/ping").status == 401
    armed = livestorm.faults.arm(
        "connection", "tls", variant=variant, server_name="api.livestorm.co", times=1
    )
    with pytest.raises(Refused):
        ask(livestorm, f"{API}/ping")
    assert armed.hits == 1
    assert ask(livestorm, f"{API}/ping").status == 401
    assert livestorm.audit() == []


def test_answer_fault_strikes(livestorm: LivestormSandbox, ask: Ask) -> None:
    """And is asked for by a header, as anywhere."""
    headers = {"X-Livestorm-Mock-Fault": "rate_limited; retry_after=2"}
    assert ask(livestorm, f"{API}/ping", headers=headers).status == 429


@pytest.mark.livestorm(interval_limit=1)
def test_limits_hold(livestorm: LivestormSandbox, ask: Ask) -> None:
    """The second request in a second is one too many."""
    livestorm.clock.freeze()
    token = livestorm.issue_tokens()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answers = [ask(livestorm, f"{API}/ping", headers=headers).status for _ in range(2)]
    assert answers == [200, 429]


def test_audit_judges_what_comes(livestorm: LivestormSandbox, ask: Ask) -> None:
    """Plain HTTP to the real host is one of its findings, and HTTPS none."""
    ask(livestorm, f"{API}/ping")
    assert livestorm.audit() == []
    ask(livestorm, "http://api.livestorm.co/v1/ping")
    assert [one.message for one in livestorm.audit()] == ["plain http to 'api.livestorm.co'"]


@pytest.mark.livestorm(consent="approve", rate_limits=False)
def test_redirection_leads_to_another_host(livestorm: LivestormSandbox) -> None:
    """A client that follows it leaves the fake for the redirect URI."""
    asked = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
    }
    tea = httpx.MockTransport(lambda request: httpx.Response(418))
    answer = by_httpx(livestorm, f"{APP}/authorize", tea, params=asked, follow_redirects=True)
    assert answer.status == 418
    assert answer.url.startswith(f"{livestorm.redirect_uri}?code=")


def test_cookies_are_the_real_hosts(livestorm: LivestormSandbox) -> None:
    """A session keeps them for the name that was asked, not for the door's address."""
    asked = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
    }
    with requests.Session() as session:
        session.mount("https://", livestorm.requests_adapter())
        session.get(f"{APP}/authorize", params=asked)
        assert [one.domain for one in session.cookies] == ["app.livestorm.co"]
    with httpx.Client(transport=livestorm.httpx_transport()) as client:
        client.get(f"{APP}/authorize", params=asked)
        assert [one.domain for one in client.cookies.jar] == ["app.livestorm.co"]


def test_two_sandboxes_have_their_own(livestorm_server: MockLivestorm) -> None:
    """Two clients of one test with the same hosts in their code do not meet."""
    with (
        livestorm_server.sandbox() as one,
        livestorm_server.sandbox() as two,
        httpx.Client(transport=one.httpx_transport()) as first,
        httpx.Client(transport=two.httpx_transport()) as second,
    ):
        for client in (first, second, second):
            client.get(f"{API}/ping")
        assert [len(sandbox.journal.entries()) for sandbox in (one, two)] == [1, 2]


def test_connection_is_kept(livestorm: LivestormSandbox) -> None:
    """As to Livestorm, and for one host each."""
    with httpx.Client(transport=livestorm.httpx_transport()) as client:
        for url in (f"{API}/ping", f"{API}/ping", f"{APP}/token", f"{APP}/token"):
            client.get(url)
    numbers = [
        one.exchange.connection and one.exchange.connection.number for one in livestorm.journal
    ]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]


LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABEL, min_size=1, max_size=4).map(".".join) | st.sampled_from(
    ["livestorm.co.example", "notlivestorm.co", "livestorm.com", "app.livestorm.co.example.test"]
)


@pytest.fixture(scope="module")
def other_hosts() -> Iterator[tuple[httpx.Client, list[httpx.Request]]]:
    """A client whose requests for other hosts are kept."""
    taken: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        taken.append(request)
        return httpx.Response(204)

    transport = Transport(("127.0.0.1", 9), ssl.create_default_context(), httpx.MockTransport(take))
    with httpx.Client(transport=transport) as client:
        yield client, taken


@given(name=NAMES, port=st.integers(1, 65535), scheme=st.sampled_from(["http", "https"]))
def test_request_to_any_other_host_passes_as_it_is(
    other_hosts: tuple[httpx.Client, list[httpx.Request]], name: str, port: int, scheme: str
) -> None:
    """Not a byte of it changes."""
    client, taken = other_hosts
    asked = client.build_request("GET", f"{scheme}://{name}:{port}/v1/me")
    client.send(asked)
    assert taken.pop() is asked
