"""Where faults strike, when, and how often."""

import pytest
from livestorm_mock_server import LivestormSandbox

from ..conftest import SendTokenRequest
from ..requests import ENDPOINTS, Ping, Requests, last_fault
from ..wire import exchange

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


@pytest.mark.parametrize(
    ("probability", "statuses"), [(0, {200}), (1, {503})], ids=["never", "always"]
)
def test_fault_strikes_by_its_probability(
    livestorm: LivestormSandbox, send: Ping, probability: int, statuses: set[int]
) -> None:
    """0 never strikes, 1 always."""
    livestorm.faults.arm("api", "api_error", status=503, probability=probability)
    assert {send().status for _ in range(5)} == statuses


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
        ({"method": "POST"}, False),
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
