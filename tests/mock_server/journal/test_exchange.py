"""What the journal tells of an exchange."""

from functools import partial
from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm

from ..conftest import SendTokenRequest

pytestmark = pytest.mark.livestorm(rate_limits=False)

Tokens = dict[str, Any]


def last(livestorm: LivestormSandbox) -> dict[str, Any]:
    """Give the last exchange as JSON."""
    return livestorm.journal.entries()[-1].as_json()


def touched(livestorm: LivestormSandbox) -> list[tuple[str, str | None]]:
    """Give the role and the refresh token of each pair that the last exchange touched."""
    return [(one["role"], one["refresh_token"]) for one in last(livestorm)["tokens"]]


def test_exchange_names_its_sandbox_and_version(livestorm: LivestormSandbox) -> None:
    """The sandbox's id and the request line are there."""
    httpx.get(f"{livestorm.api_url}/ping")
    entry = last(livestorm)
    assert livestorm.app_url.endswith(f"/s/{entry['sandbox']}")
    assert entry["request"]["target"] == f"/s/{entry['sandbox']}/v1/ping"
    assert entry["request"]["http_version"] == "1.1"


@pytest.mark.parametrize("rotation", ["on_use", "instant", "grace", "family", "grace_then_family"])
def test_refresh_tells_which_refresh_token_came_from_which(
    livestorm_server: MockLivestorm, rotation: str
) -> None:
    """The pair that was sent and the pair that was issued stand together, of one family."""
    with livestorm_server.sandbox(rotation=rotation) as livestorm:
        first = livestorm.issue_tokens()
        second = refreshed(livestorm, str(first["refresh_token"]))
        sent, issued = last(livestorm)["tokens"]
    assert (sent["role"], issued["role"]) == ("sent", "issued")
    assert (sent["refresh_token"], sent["refreshed_from"]) == (first["refresh_token"], None)
    assert issued["refreshed_from"] == first["refresh_token"]
    assert issued["refresh_token"] == second["refresh_token"]
    assert issued["family"] == sent["family"] == sent["id"]


def test_refresh_token_that_stays_came_from_itself(livestorm_server: MockLivestorm) -> None:
    """Without rotation the new access token hangs on the same refresh token."""
    with livestorm_server.sandbox(rotation="never") as livestorm:
        first = livestorm.issue_tokens()
        refreshed(livestorm, str(first["refresh_token"]))
        issued = last(livestorm)["tokens"][-1]
    assert issued["refreshed_from"] == issued["refresh_token"] == first["refresh_token"]


def refreshed(livestorm: LivestormSandbox, refresh_token: str) -> dict[str, Any]:
    """Refresh."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    answer = httpx.post(f"{livestorm.app_url}/oauth/token", data=form)
    return dict(answer.raise_for_status().json())


@pytest.mark.parametrize(("phase", "is_issued"), [("before", False), ("after", True)])
def test_lost_refresh_tells_whether_it_happened(
    livestorm: LivestormSandbox,
    tokens: Tokens,
    refresh: SendTokenRequest,
    phase: str,
    is_issued: bool,
) -> None:
    """Only after the effect there is an issued pair; a rehearsed one is not in the journal."""
    livestorm.faults.arm("token.refresh_token", "close", phase=phase)
    with pytest.raises(httpx.RemoteProtocolError):
        refresh(tokens["refresh_token"])
    roles = [role for role, _ in touched(livestorm)]
    assert roles == (["sent", "issued"] if is_issued else ["sent"])


def test_renamed_tokens_are_the_ones_that_were_sent_out(
    livestorm: LivestormSandbox, tokens: Tokens, refresh: SendTokenRequest
) -> None:
    """Where a fault gives a token another text, the journal has that one."""
    livestorm.faults.arm("token", "token_fields", set={"refresh_token": "given"})
    refresh(tokens["refresh_token"])
    assert touched(livestorm) == [("sent", tokens["refresh_token"]), ("issued", "given")]


def test_call_tells_its_token(livestorm: LivestormSandbox, tokens: Tokens) -> None:
    """An API call touches the pair whose access token it presents."""
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    httpx.get(f"{livestorm.api_url}/me", headers=headers)
    assert touched(livestorm) == [("sent", tokens["refresh_token"])]


@pytest.mark.parametrize("path", ["revoke", "introspect"])
def test_given_token_is_touched(livestorm: LivestormSandbox, tokens: Tokens, path: str) -> None:
    """Revocation and introspection touch the token that they are given."""
    form = {
        "token": tokens["refresh_token"],
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    httpx.post(f"{livestorm.app_url}/oauth/{path}", data=form)
    assert touched(livestorm) == [("sent", tokens["refresh_token"])]


def test_refused_code_says_why(
    livestorm_server: MockLivestorm, request_token: SendTokenRequest, livestorm: LivestormSandbox
) -> None:
    """The reason is the rule that decided, in words."""
    redirect_uri = livestorm.redirect_uri
    location = livestorm.authorize(client_id=livestorm.public_client_id or "")
    code = httpx.URL(location).params["code"]
    request_token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)
    assert last(livestorm)["reason"] == "the code was issued to another client"


@pytest.mark.livestorm(journal_capacity=2)
def test_capacity_is_configurable(livestorm: LivestormSandbox) -> None:
    """So many exchanges are kept, also after a reset."""
    livestorm.reset()
    for _ in range(3):
        httpx.get(f"{livestorm.api_url}/ping")
    assert [entry.seq for entry in livestorm.journal] == [2, 3]


@pytest.mark.parametrize("capacity", [0, -1, "many", 10**9])
def test_capacity_that_can_not_be_is_refused(
    livestorm_server: MockLivestorm, capacity: Any
) -> None:
    """A journal of no exchanges, or of too many, is an error that names the key."""
    with pytest.raises(InvalidInputError, match="journal_capacity is"):
        livestorm_server.sandbox(journal_capacity=capacity)


def test_wrong_filter_is_refused(livestorm: LivestormSandbox) -> None:
    """Unknown filters and labels are refused over HTTP, with the nearest there is."""
    url = f"{livestorm.control_url}/journal"
    unknown = httpx.get(url, params={"endpiont": "token"})
    assert (unknown.status_code, "did you mean 'endpoint'" in unknown.text) == (422, True)
    label = httpx.get(url, params={"endpoint": "token.refresh"})
    assert (label.status_code, "'token.refresh_token'" in label.text) == (422, True)


@pytest.mark.parametrize("scenario", ["happy_path", "burst_limit"])
def test_wrong_label_is_refused_in_python(livestorm: LivestormSandbox, scenario: str) -> None:
    """A test that looks for what is not there must not pass by a slip; nor after a new start."""
    livestorm.put_scenario(scenario)
    for find in (livestorm.journal.entries, partial(livestorm.wait_for_exchanges, 0)):
        with pytest.raises(InvalidInputError, match=r"'token\.refresh_token'"):
            find(endpoint="token.refresh")


def test_exchanges_are_found_by_their_fault(livestorm: LivestormSandbox) -> None:
    """By the kind of the fault that struck, and by its id."""
    armed = livestorm.faults.arm("api", "api_error", status=503, times=1)
    httpx.get(f"{livestorm.api_url}/ping")
    httpx.get(f"{livestorm.api_url}/ping")
    by_kind = livestorm.journal.entries(fault="api_error")
    assert [entry.seq for entry in by_kind] == [1]
    assert livestorm.journal.entries(fault=armed.id) == by_kind
    assert livestorm.journal.entries(fault="reset") == []


def test_python_waits_for_an_exchange(livestorm: LivestormSandbox) -> None:
    """What is there already is given at once."""
    httpx.get(f"{livestorm.api_url}/ping")
    assert [entry.seq for entry in livestorm.wait_for_exchanges(endpoint="api")] == [1]
    assert livestorm.wait_for_exchanges(0.001, endpoint="token") == []


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("PONG-X", True), ("x-spotted: yes", True), ("/v1/ping?q=", True), ("absent", False)],
)
def test_exchange_is_found_by_its_text(
    livestorm: LivestormSandbox, text: str, is_there: bool
) -> None:
    """In the target, the headers and the bodies, in whatever case."""
    livestorm.faults.arm("api.ping", "answer", body="pong-x")
    httpx.get(f"{livestorm.api_url}/ping?q=1", headers={"X-Spotted": "yes"})
    httpx.get(f"{livestorm.api_url}/me")
    found = [entry.seq for entry in livestorm.journal.entries(text=text)]
    assert found == ([1] if is_there else [])
    assert [entry.seq for entry in livestorm.journal.entries(seq=2)] == [2]
