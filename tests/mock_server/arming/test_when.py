"""Where faults strike, when, and how often."""

from typing import cast
from urllib.parse import quote

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.faults.fault import When
from livestorm_mock_server.provider import Provider
from livestorm_mock_server.rails.parameters import read_wire_name
from livestorm_mock_server.rails.request import Request

from ..conftest import SendTokenRequest
from ..requests import ENDPOINTS, Ping, Requests, last_fault
from ..wire import exchange

_ENDS = ("[a]", "[b c]", "[]", "[][x]")

pytestmark = pytest.mark.livestorm(rate_limits=False)


def test_fault_strikes_as_often_as_it_says(livestorm: LivestormSandbox, send: Ping) -> None:
    """`after` requests pass first, `times` are struck, the rest pass."""
    armed = livestorm.faults.arm("api", "api_error", status=503, after=2, times=2)
    assert [send().status for _ in range(6)] == [200, 200, 503, 503, 200, 200]
    assert armed.hits == 2


def test_fault_without_times_strikes_for_ever(livestorm: LivestormSandbox, send: Ping) -> None:
    """Without `times` each matching request is struck."""
    livestorm.faults.arm("api", "api_error", status=503)
    assert {send().status for _ in range(5)} == {503}


def test_fault_strikes_every_so_many(livestorm: LivestormSandbox, send: Ping) -> None:
    """With `every`, the first of so many is struck."""
    livestorm.faults.arm("api", "api_error", status=503, every=3)
    assert [send().status for _ in range(6)] == [503, 200, 200, 503, 200, 200]


def test_fault_with_a_probability_of_one_strikes_always(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """1 is each request."""
    livestorm.faults.arm("api", "api_error", status=503, probability=1)
    assert {send().status for _ in range(5)} == {503}


@pytest.mark.parametrize(
    ("on", "struck"),
    [
        ("api", {"api.me", "api.ping"}),
        ("api.me", {"api.me"}),
        ("token", {"token.authorization_code", "token.refresh_token"}),
        ("token.refresh_token", {"token.refresh_token"}),
        ("token_info", {"token_info"}),
        ("authorize", {"authorize"}),
        ("revoke", {"revoke"}),
        ("introspect", {"introspect"}),
    ],
)
def test_fault_strikes_its_endpoints_only(
    livestorm: LivestormSandbox, requests: Requests, on: str, struck: set[str]
) -> None:
    """A label stands for its endpoint, `token` and `api` for all of theirs."""
    framed = {endpoint: requests.frame(endpoint) for endpoint in ENDPOINTS}
    livestorm.faults.arm(on, "html_page", status=418)
    url = livestorm.app_url
    assert {name for name, request in framed.items() if exchange(url, request).status == 418} == (
        struck
    )


def test_first_matching_fault_strikes_alone(livestorm: LivestormSandbox, send: Ping) -> None:
    """Of several faults only the first is applied and counted."""
    first = livestorm.faults.arm("api", "api_error", status=503)
    second = livestorm.faults.arm("api", "api_error", status=502)
    assert send().status == 503
    assert (first.hits, second.hits) == (1, 0)


def test_spent_fault_leaves_the_request_to_the_next(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """A fault whose `times` are over gives way."""
    livestorm.faults.arm("api", "api_error", status=503, times=1)
    livestorm.faults.arm("api", "api_error", status=502, times=1)
    assert [send().status for _ in range(3)] == [503, 502, 200]


@pytest.mark.parametrize(
    ("when", "strikes"),
    [
        ({"method": "GET"}, True),
        ({"method": "HEAD"}, False),
        ({"header": {"X-Mark": "a"}}, True),
        ({"header": {"x-mark": "a"}}, True),
        ({"header": {"X-Mark": "b"}}, False),
        ({"header": {"X-Mark": "a", "X-Other": "a"}}, False),
        ({"number": 1}, True),
        ({"number": 2}, False),
        ({"method": "GET", "header": {"X-Mark": "b"}}, False),
        ({}, True),
    ],
)
def test_fault_strikes_under_its_conditions_only(
    livestorm: LivestormSandbox, send: Ping, when: dict[str, object], strikes: bool
) -> None:
    """All conditions of `when` must hold."""
    livestorm.faults.arm("api.ping", "api_error", status=503, when=when)
    assert (send("api.ping", ("X-Mark", "a")).status == 503) == strikes


@pytest.mark.parametrize(
    ("when", "strikes"),
    [
        ({"grant_type": "refresh_token"}, True),
        ({"grant_type": "authorization_code"}, False),
        ({"parameter": {"refresh_token": "x"}}, True),
        ({"parameter": {"refresh_token": "y"}}, False),
        ({"parameter": {"scope": ""}}, False),
        ({"client_id": "nobody"}, False),
    ],
)
def test_fault_looks_at_the_parameters(
    livestorm: LivestormSandbox,
    refresh: SendTokenRequest,
    when: dict[str, object],
    strikes: bool,
) -> None:
    """Grant type, client and parameters of a token request can be conditions."""
    livestorm.faults.arm("token", "html_page", status=503, when=when)
    assert (refresh("x").status_code == 503) == strikes


@pytest.mark.parametrize("name", ["filter[email]", "filter%5Bemail%5D"])
@pytest.mark.parametrize(
    ("query", "strikes"),
    [
        ("filter%5Bemail%5D=a%40b.test", True),
        ("filter[email]=a%40b.test", True),
        ("filter[email]=other", False),
        ("filter[email][x]=a%40b.test", False),
        ("filter[name]=a%40b.test", False),
        ("filter=a%40b.test", False),
    ],
)
def test_fault_looks_at_nested_parameters(
    livestorm: LivestormSandbox, http: httpx.Client, name: str, query: str, strikes: bool
) -> None:
    """A condition names a parameter as it stands on the wire, with its brackets."""
    livestorm.faults.arm(
        "api.ping", "html_page", status=503, when={"parameter": {name: "a@b.test"}}
    )
    assert (http.get(f"{livestorm.api_url}/ping?{query}").status_code == 503) == strikes


@pytest.mark.livestorm("events_writable", rate_limits=False)
def test_fault_looks_at_nested_members_of_json(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A member of a JSON body has the name that a form would give it."""
    when = {"parameter": {"data[attributes][title]": "x"}}
    armed = livestorm.faults.arm("api.events", "html_page", status=503, when=when)
    body = {"data": {"attributes": {"title": "x"}}}
    assert http.post(f"{livestorm.api_url}/events", json=body).status_code == 503
    assert armed.hits == 1


wire_names = st.recursive(
    st.from_regex(r"[a-z]{1,3}", fullmatch=True),
    lambda inner: st.builds(lambda name, end: f"{name}{end}", inner, st.sampled_from(_ENDS)),
    max_leaves=4,
)


@settings(deadline=None)
@given(name=wire_names, value=st.text(st.characters(codec="utf-8"), max_size=5))
@example("a[][][]", "")
def test_every_name_of_a_form_can_be_a_condition(name: str, value: str) -> None:
    """Whatever Rack reads under a name is found under this name, encoded or not.

    Under `a[][][]` it reads nothing.
    """
    is_read = read_wire_name(name) is not None
    request = Request(
        method="GET",
        raw_path="/v1/ping",
        query=f"{quote(name)}={quote(value)}".encode(),
        headers=[],
        body=b"",
    )
    exchange = Exchange(request=request, provider=cast("Provider", None), now=0.0)
    assert is_read or "[][][]" in name
    assert When(parameter={name: value}).holds(exchange) == is_read
    assert When(parameter={quote(name): value}).holds(exchange) == is_read
    assert not When(parameter={name: f"{value}x"}).holds(exchange)


def test_fault_looks_at_the_client(livestorm: LivestormSandbox, refresh: SendTokenRequest) -> None:
    """A fault can be for one application."""
    livestorm.faults.arm("token", "html_page", status=503, when={"client_id": livestorm.client_id})
    assert refresh("x").status_code == 503


def test_fault_looks_at_the_client_of_an_access_token(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """A fault on the API can be for one application, too: the token tells which."""
    livestorm.faults.arm("api", "html_page", status=503, when={"client_id": livestorm.client_id})
    assert send().status == 503


def test_fault_is_in_the_journal_and_not_on_the_wire(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """Only the journal tells that an answer was injected."""
    armed = livestorm.faults.arm("api", "api_error", status=503)
    answer = send()
    assert last_fault(livestorm) == {"id": armed.id, "fault": "api_error", "phase": "before"}
    assert b"fault" not in (answer.head + answer.body).lower()
    assert b"mock" not in (answer.head + answer.body).lower()


def test_exchange_without_a_fault_says_so(livestorm: LivestormSandbox, send: Ping) -> None:
    """The journal's `fault` is null where none struck."""
    send()
    assert last_fault(livestorm) is None
