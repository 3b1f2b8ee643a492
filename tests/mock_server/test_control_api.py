"""The control API over HTTP."""

import os
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.control.app import OPERATIONS

from .conftest import SendTokenRequest
from .failure_log import FailureLog
from .wire import Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)

Control = Callable[..., httpx.Response]
NOON = 1_795_435_200


@pytest.fixture
def control(livestorm: LivestormSandbox, http: httpx.Client) -> Control:
    """Call the control API of the sandbox."""

    def call(method: str, path: str, body: object = None, **query: str) -> httpx.Response:
        return http.request(
            method, f"{livestorm.control_url}/{path}", json=body, params=query or None
        )

    return call


def assert_refused(answer: httpx.Response, *words: str) -> None:
    """Check that an answer is a 422 that says what is wrong."""
    assert answer.status_code == 422
    assert all(word in answer.json()["error"] for word in words), answer.json()


def test_health_names_the_release(control: Control) -> None:
    """`GET health` says that all is well, and which release answers."""
    answer = control("GET", "health").json()
    assert (answer["status"], answer["release"]) == ("ok", "5.9")


def test_health_names_the_sandbox(livestorm: LivestormSandbox, control: Control) -> None:
    """Each sandbox knows its own id."""
    assert livestorm.control_url.endswith(f"/s/{control('GET', 'health').json()['id']}/_mock")


# The clock


def test_clock_can_be_set(control: Control) -> None:
    """`set` moves to a Unix time, from which time runs on."""
    answer = control("POST", "clock", {"set": NOON}).json()
    assert NOON <= answer["now"] < NOON + 60
    assert answer["frozen"] is False


def test_clock_can_be_advanced(control: Control) -> None:
    """`advance` adds seconds."""
    control("POST", "clock", {"freeze": True})
    before = control("GET", "clock").json()["now"]
    assert control("POST", "clock", {"advance": 7201}).json()["now"] == before + 7201


def test_frozen_clock_stands_still(control: Control) -> None:
    """`freeze` stops time, `resume` lets it run."""
    frozen = control("POST", "clock", {"freeze": True}).json()
    assert control("GET", "clock").json() == frozen
    assert control("POST", "clock", {"resume": True}).json()["frozen"] is False


def test_clock_is_seen_in_the_date_header(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """The provider's answers carry the virtual time."""
    control("POST", "clock", {"freeze": True})
    control("POST", "clock", {"set": NOON})
    date = http.get(f"{livestorm.api_url}/ping").headers["date"]
    assert parsedate_to_datetime(date).timestamp() == NOON


def test_clock_is_seen_in_created_at(
    control: Control, tokens: dict[str, Any], refresh: SendTokenRequest
) -> None:
    """A new token was created at the virtual time."""
    control("POST", "clock", {"freeze": True})
    control("POST", "clock", {"set": NOON})
    assert refresh(tokens["refresh_token"]).json()["created_at"] == NOON


def test_advanced_clock_expires_tokens(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control, bearer: dict[str, str]
) -> None:
    """A token's lifetime ends by the virtual clock."""
    assert http.get(f"{livestorm.api_url}/me", headers=bearer).status_code == 200
    control("POST", "clock", {"advance": 7201})
    answer = http.get(f"{livestorm.api_url}/me", headers=bearer)
    assert "The access token expired" in answer.headers["www-authenticate"]


def test_advanced_clock_expires_codes(
    livestorm: LivestormSandbox, control: Control, request_token: SendTokenRequest
) -> None:
    """A code's lifetime ends by the virtual clock."""
    code = parse_qs(urlsplit(livestorm.authorize()).query)["code"][0]
    control("POST", "clock", {"advance": 601})
    answer = request_token(
        grant_type="authorization_code", code=code, redirect_uri=livestorm.redirect_uri
    )
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"advnace": 1}, ["unknown key advnace", "did you mean 'advance'?"]),
        ({"advance": "1"}, ["advance is '1'", "expected a number"]),
        ({"freeze": 1}, ["freeze is 1", "expected true or false"]),
        ([1], ["the body is [1]", "expected a JSON object"]),
    ],
)
def test_wrong_move_of_the_clock_is_refused(
    control: Control, body: object, words: list[str]
) -> None:
    """A wrong body is a 422 that names key, value and what was expected."""
    assert_refused(control("POST", "clock", body), *words)


@pytest.mark.parametrize("path", ["clock", "faults", "authorize", "tokens", "sandboxes"])
@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a":}', b"nonsense"])
def test_body_that_is_no_json_is_refused(
    livestorm: LivestormSandbox, http: httpx.Client, path: str, body: bytes
) -> None:
    """Malformed JSON is a 422 that shows what came."""
    headers = {"Content-Type": "application/json"}
    answer = http.post(f"{livestorm.control_url}/{path}", content=body, headers=headers)
    assert_refused(answer, "the body is ", "expected JSON")


@pytest.mark.parametrize("moment", [1e300, -1e13])
def test_moment_that_no_date_has_is_refused(control: Control, moment: float) -> None:
    """The clock can't be set where a Date header can't follow."""
    assert_refused(control("POST", "clock", {"set": moment}), "set is ")


def test_body_nested_without_end_is_refused(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """Also JSON that is nested too deeply is a 422."""
    headers = {"Content-Type": "application/json"}
    url = f"{livestorm.control_url}/clock"
    answer = http.post(url, content=b"[" * 100_000, headers=headers)
    assert_refused(answer, "the body is ")


# Reset and sandboxes


def test_reset_forgets_tokens_faults_clock_and_journal(
    livestorm: LivestormSandbox, control: Control, tokens: dict[str, Any]
) -> None:
    """After a reset, all is as it was at the start."""
    control("POST", "faults", {"on": "api", "fault": "delay", "seconds": 0})
    control("POST", "clock", {"advance": 100_000})
    assert control("POST", "reset").status_code == 204
    assert control("GET", "faults").json() == {"faults": []}
    assert control("GET", "journal").json() == {"exchanges": []}
    assert control("POST", "tokens/expire", {"token": tokens["access_token"]}).status_code == 422
    assert abs(control("GET", "clock").json()["now"] - livestorm._sandbox.wall()) < 60


def test_reset_keeps_the_credentials(http: httpx.Client, livestorm_server: MockLivestorm) -> None:
    """What `POST sandboxes` announced is good after a reset, too."""
    made = http.post(f"{livestorm_server.control_url}/sandboxes", json={}).json()
    http.post(f"{made['control_url']}/reset")
    listed = http.get(f"{livestorm_server.control_url}/sandboxes").json()["sandboxes"]
    http.delete(f"{livestorm_server.control_url}/sandboxes/{made['id']}")
    assert made in listed


@pytest.mark.livestorm(seed=7)
def test_reset_with_a_seed_repeats_the_start(livestorm: LivestormSandbox, control: Control) -> None:
    """With a seed, a reset sandbox issues the same tokens again."""
    first = livestorm.issue_tokens()["access_token"]
    control("POST", "reset")
    assert livestorm.issue_tokens()["access_token"] == first


def test_reset_arms_a_fault_for_the_first_exchange_again(
    http: httpx.Client, livestorm_server: MockLivestorm, control: Control
) -> None:
    """A run after a reset meets the same faults at the same exchanges."""
    with livestorm_server.sandbox() as sandbox:
        keys: dict[str, Any] = {"status": 503, "when": {"number": 1}}
        sandbox.faults.arm("api.ping", "html_page", **keys)
        statuses = [http.get(f"{sandbox.api_url}/ping").status_code]
        sandbox.reset()
        sandbox.faults.arm("api.ping", "html_page", **keys)
        statuses.append(http.get(f"{sandbox.api_url}/ping").status_code)
    assert statuses == [503, 503]


def test_sandbox_is_made_as_serve_describes_itself(
    http: httpx.Client, livestorm_server: MockLivestorm
) -> None:
    """`POST sandboxes` gives the URLs and credentials of a universe of its own."""
    answer = http.post(
        f"{livestorm_server.control_url}/sandboxes",
        json={"scenario": "happy_path", "release": "5.5", "auto_approve": True},
    )
    made = answer.json()
    base = f"{livestorm_server.app_url}/s/{made['id']}"
    assert answer.status_code == 201
    assert (made["app_url"], made["api_url"]) == (base, f"{base}/v1")
    assert made["control_url"] == f"{base}/_mock"
    assert set(made) >= {
        "client_id",
        "client_secret",
        "redirect_uris",
        "public_client_id",
        "private_token",
    }
    assert http.get(f"{made['control_url']}/health").json()["release"] == "5.5"


def test_closed_sandbox_is_gone(http: httpx.Client, livestorm_server: MockLivestorm) -> None:
    """A sandbox that was deleted answers 404, and deleting it again is a 404."""
    sandboxes = f"{livestorm_server.control_url}/sandboxes"
    made = http.post(sandboxes, json={}).json()
    assert http.delete(f"{sandboxes}/{made['id']}").status_code == 204
    assert http.get(f"{made['api_url']}/me").status_code == 404
    assert http.delete(f"{sandboxes}/{made['id']}").status_code == 404


def test_sandboxes_do_not_share_tokens(http: httpx.Client, livestorm_server: MockLivestorm) -> None:
    """A token of one sandbox opens nothing in another."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        headers = {"Authorization": f"Bearer {one.issue_tokens()['access_token']}"}
        assert http.get(f"{one.api_url}/me", headers=headers).status_code == 200
        assert http.get(f"{two.api_url}/me", headers=headers).status_code == 401


def test_sandboxes_do_not_share_private_tokens(
    http: httpx.Client, livestorm_server: MockLivestorm
) -> None:
    """Each sandbox signs with its own key."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        headers = {"Authorization": one.private_token}
        assert http.get(f"{one.api_url}/me", headers=headers).status_code == 200
        assert http.get(f"{two.api_url}/me", headers=headers).status_code == 401


def test_sandboxes_do_not_share_applications(livestorm_server: MockLivestorm) -> None:
    """Each sandbox has credentials of its own."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        assert one.client_id != two.client_id


def test_sandboxes_do_not_share_clock_faults_and_journal(
    http: httpx.Client, livestorm_server: MockLivestorm
) -> None:
    """What is done to one sandbox is not seen in another."""
    with livestorm_server.sandbox() as one, livestorm_server.sandbox() as two:
        http.post(f"{one.control_url}/clock", json={"advance": 100_000})
        http.post(
            f"{one.control_url}/faults", json={"on": "api", "fault": "api_error", "status": 500}
        )
        assert http.get(f"{one.api_url}/ping").status_code == 500
        assert http.get(f"{two.api_url}/ping").status_code == 401
        now = [http.get(f"{box.control_url}/clock").json()["now"] for box in (one, two)]
        assert now[0] - now[1] > 90_000
        assert len(http.get(f"{two.control_url}/journal").json()["exchanges"]) == 1


def test_sandboxes_do_not_share_rate_limits(
    http: httpx.Client, livestorm_server: MockLivestorm
) -> None:
    """A sandbox whose limit is used up leaves the others alone."""
    with (
        livestorm_server.sandbox(monthly_limit=1) as one,
        livestorm_server.sandbox(monthly_limit=1) as two,
    ):
        statuses = [http.get(f"{one.api_url}/ping").status_code for _ in range(2)]
        assert statuses == [401, 429]
        assert http.get(f"{two.api_url}/ping").status_code == 401


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"scenario": "hapy_path"}, ["no scenario 'hapy_path'", "did you mean 'happy_path'?"]),
        ({"release": "7"}, ["release is '7'", "expected one of: 5.5, 5.8, 5.9, 6.0"]),
        ({"provider": {"consnt": "deny"}}, ["unknown key consnt", "did you mean 'consent'?"]),
        ({"scenaro": "x"}, ["unknown key scenaro", "did you mean 'scenario'?"]),
        ({"scenario": 1}, ["scenario is 1", "expected a text"]),
        ({"scenario": "/nothing/there.toml"}, ["no scenario '/nothing/there.toml'"]),
    ],
)
def test_wrong_sandbox_is_refused(
    control: Control, body: dict[str, object], words: list[str]
) -> None:
    """A sandbox that can't be made is a 422 that says why."""
    assert_refused(control("POST", "sandboxes", body), *words)


def test_scenario_path_with_a_nul_is_refused(control: Control) -> None:
    """A path that no file can have is a 422."""
    assert_refused(control("POST", "sandboxes", {"scenario": "a\0.toml"}), "a")


def test_trailing_slash_stays_in_the_sandbox(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A URL with a trailing slash never leads out of the sandbox."""
    answer = http.get(f"{livestorm.control_url}/health/")
    location = answer.headers.get("location", livestorm.control_url)
    assert location.startswith(livestorm.control_url)


def test_unknown_sandbox_is_named(http: httpx.Client, livestorm_server: MockLivestorm) -> None:
    """A request to a sandbox that is not there says how to make one."""
    answer = http.get(f"{livestorm_server.app_url}/s/nothing/v1/me")
    assert (answer.status_code, "POST /_mock/sandboxes" in answer.text) == (404, True)


# The journal


def test_journal_has_the_exchange(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control, bearer: dict[str, str]
) -> None:
    """An exchange is written down with request, answer, time and client."""
    http.get(f"{livestorm.api_url}/me?a=b", headers=bearer)
    (entry,) = control("GET", "journal").json()["exchanges"]
    assert (entry["endpoint"], entry["client_id"]) == ("api.me", livestorm.client_id)
    assert (entry["request"]["method"], entry["fault"]) == ("GET", None)
    assert entry["request"]["target"].endswith("/v1/me?a=b")
    assert entry["request"]["parameters"] == {"a": "b"}
    assert ["authorization", bearer["Authorization"]] in entry["request"]["headers"]
    assert entry["response"]["status"] == 200
    assert {"seq", "at", "wall"} <= set(entry)


def test_journal_tells_virtual_and_real_time(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """`at` is the virtual clock, `wall` the real one."""
    control("POST", "clock", {"set": NOON})
    http.get(f"{livestorm.api_url}/ping")
    (entry,) = control("GET", "journal").json()["exchanges"]
    assert 0 <= entry["at"] - NOON < 60
    assert abs(entry["wall"] - livestorm._sandbox.wall()) < 60


def test_journal_is_filtered(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    control: Control,
    request_token: SendTokenRequest,
    bearer: dict[str, str],
) -> None:
    """By endpoint, by a group of endpoints, by client and by number."""
    request_token(grant_type="refresh_token", refresh_token="x")
    request_token(grant_type="authorization_code", code="x", redirect_uri="x")
    http.get(f"{livestorm.api_url}/me", headers=bearer)
    http.get(f"{livestorm.api_url}/ping")

    def endpoints(**query: str) -> list[str]:
        entries = control("GET", "journal", **query).json()["exchanges"]
        return [entry["endpoint"] for entry in entries]

    assert endpoints(endpoint="token") == ["token.refresh_token", "token.authorization_code"]
    assert endpoints(endpoint="token.refresh_token") == ["token.refresh_token"]
    assert endpoints(endpoint="api") == ["api.me", "api.ping"]
    assert endpoints(client_id=livestorm.client_id, endpoint="api") == ["api.me"]
    assert endpoints(client_id="nobody") == []
    assert endpoints(since="3") == ["api.ping"]
    assert endpoints(status="200") == ["api.me"]
    assert endpoints(status="401", endpoint="api") == ["api.ping"]


@pytest.mark.parametrize("count", [0, 1, 25, 26, 51])
def test_journal_lists_each_exchange_once(
    control: Control, livestorm: LivestormSandbox, http: httpx.Client, count: int
) -> None:
    """However many parts the listing comes in, it has all of them in their order."""
    for _ in range(count):
        http.get(f"{livestorm.api_url}/ping")
    listed = control("GET", "journal").json()["exchanges"]
    assert [one["seq"] for one in listed] == list(range(1, count + 1))


def test_journal_can_be_cleared(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """`DELETE journal` forgets all; the numbers go on."""
    http.get(f"{livestorm.api_url}/ping")
    assert control("DELETE", "journal").status_code == 204
    http.get(f"{livestorm.api_url}/ping")
    (entry,) = control("GET", "journal").json()["exchanges"]
    assert entry["seq"] == 2


@pytest.mark.parametrize("since", ["-1", "x", "", "1.5"])
def test_journal_since_something_else_is_refused(control: Control, since: str) -> None:
    """`since` is the number of an exchange."""
    assert_refused(control("GET", "journal", since=since), "since is ", "the number of an exchange")


def test_journal_since_a_huge_number_is_answered(control: Control) -> None:
    """Also a number of thousands of digits is a number, or refused."""
    assert control("GET", "journal", since="9" * 5000).status_code in (200, 422)


def test_control_calls_are_not_in_the_journal(control: Control) -> None:
    """The journal tells what clients did, not what tests did."""
    control("GET", "health")
    assert control("GET", "journal").json() == {"exchanges": []}


# Faults


def test_armed_fault_is_listed_with_its_hits(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """`POST faults` gives an id, `GET faults` the count of hits."""
    armed = control("POST", "faults", {"on": "api.ping", "fault": "api_error", "status": 503})
    assert (armed.status_code, armed.json()["hits"]) == (201, 0)
    http.get(f"{livestorm.api_url}/ping")
    (listed,) = control("GET", "faults").json()["faults"]
    assert (listed["id"], listed["hits"], listed["status"]) == (armed.json()["id"], 1, 503)


def test_fault_can_be_disarmed(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """`DELETE faults/<id>` ends one fault and leaves the others."""
    keys = {"on": "api.ping", "fault": "api_error", "status": 503}
    first = control("POST", "faults", keys).json()["id"]
    second = control("POST", "faults", keys | {"status": 502}).json()["id"]
    assert control("DELETE", f"faults/{first}").status_code == 204
    assert http.get(f"{livestorm.api_url}/ping").status_code == 502
    assert [one["id"] for one in control("GET", "faults").json()["faults"]] == [second]


def test_all_faults_can_be_disarmed(control: Control) -> None:
    """`DELETE faults` ends all."""
    control("POST", "faults", {"on": "api", "fault": "delay", "seconds": 0})
    assert control("DELETE", "faults").status_code == 204
    assert control("GET", "faults").json() == {"faults": []}


def test_unknown_fault_can_not_be_disarmed(control: Control) -> None:
    """A fault that is not there is a 404."""
    answer = control("DELETE", "faults/fault-99")
    assert (answer.status_code, "fault-99" in answer.json()["error"]) == (404, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"on": "apii", "fault": "delay", "seconds": 0}, ["on is 'apii'", "did you mean 'api'"]),
        ({"on": "api", "fault": "dealy"}, ["fault is 'dealy'", "did you mean 'delay'"]),
        ({"on": "api", "fault": "delay", "secnds": 0}, ["unknown key secnds", "'seconds'"]),
        ({"on": "api", "fault": "delay"}, ["seconds is missing", "expected a number"]),
        ({"on": "api", "fault": "delay", "seconds": -1}, ["seconds is -1", ">= 0"]),
        ({"fault": "delay", "seconds": 0}, ["on is missing", "expected a text"]),
        ({"on": "api", "fault": "delay", "seconds": 0, "times": 0}, ["times is 0", ">= 1"]),
        (
            {"on": "api", "fault": "delay", "seconds": 0, "when": {"clientid": "x"}},
            ["unknown key when.clientid", "'client_id'"],
        ),
        (
            {"on": "api", "fault": "delay", "seconds": 0, "phase": "aftr"},
            ["phase is 'aftr'", "did you mean 'after'"],
        ),
        (
            {"on": "api", "fault": "expired_token", "phase": "after"},
            ["phase is 'after'", "expected one of: before"],
        ),
        (
            {"on": "api", "fault": "answer", "body_base64": "!"},
            ["body_base64 is '!'", "expected base64"],
        ),
    ],
)
def test_wrong_fault_is_refused_when_it_is_armed(
    control: Control, body: dict[str, object], words: list[str]
) -> None:
    """A fault that could never strike is a 422 that names key, value and the near miss."""
    assert_refused(control("POST", "faults", body), *words)
    assert control("GET", "faults").json() == {"faults": []}


@pytest.mark.parametrize("kind", [[], {}])
def test_fault_whose_kind_is_no_text_is_refused(control: Control, kind: object) -> None:
    """Also a list or table as the kind is a 422."""
    assert_refused(control("POST", "faults", {"on": "api", "fault": kind}), "fault is ")


def test_barrier_can_be_released(livestorm: LivestormSandbox, control: Control) -> None:
    """`POST faults/<id>/release` lets the waiting requests go on."""
    armed = control("POST", "faults", {"on": "api.ping", "fault": "barrier", "parties": 2}).json()
    with Wire(livestorm.app_url) as wire:
        wire.send(frame("GET", urlsplit(f"{livestorm.api_url}/ping").path))
        until_struck(livestorm, armed["id"])
        assert control("POST", f"faults/{armed['id']}/release").status_code == 200
        assert wire.read().status == 401


def until_struck(livestorm: LivestormSandbox, fault_id: str) -> None:
    """Wait until a fault has struck once; a test that hangs here would time out anyway."""
    armed = livestorm.faults.find(fault_id)
    limit = time.monotonic() + 10
    while armed is not None and armed.hits == 0 and time.monotonic() < limit:
        os.sched_yield()


def test_barrier_that_is_not_there_can_not_be_released(control: Control) -> None:
    """A fault that is not armed is a 404."""
    assert control("POST", "faults/fault-99/release").status_code == 404


# Codes and tokens


def test_authorize_approves(livestorm: LivestormSandbox, control: Control) -> None:
    """`POST authorize` gives the URL with a code and the state."""
    location = control("POST", "authorize", {"state": "abc"}).json()["location"]
    assert location.startswith(livestorm.redirect_uri)
    query = parse_qs(urlsplit(location).query)
    assert (len(query["code"][0]), query["state"]) == (43, ["abc"])


def test_authorize_denies(control: Control) -> None:
    """`decision: deny` gives the URL with `access_denied`."""
    location = control("POST", "authorize", {"state": "a", "decision": "deny"}).json()["location"]
    query = parse_qs(urlsplit(location).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["a"])


def test_authorize_takes_the_clients_url(livestorm: LivestormSandbox, control: Control) -> None:
    """`url` is read as the browser would send it."""
    query = {"client_id": livestorm.client_id, "redirect_uri": livestorm.redirect_uri}
    asked = urlencode({"response_type": "code", "state": "from url", **query})
    url = f"{livestorm.app_url}/oauth/authorize?{asked}"
    location = control("POST", "authorize", {"url": url}).json()["location"]
    assert parse_qs(urlsplit(location).query)["state"] == ["from url"]


def test_authorized_code_can_be_exchanged(
    livestorm: LivestormSandbox, control: Control, request_token: SendTokenRequest
) -> None:
    """The code is the engine's own, with scope and challenge."""
    body = {"scope": "events:read", "code_challenge": "abc", "code_challenge_method": "plain"}
    location = control("POST", "authorize", body).json()["location"]
    answer = request_token(
        grant_type="authorization_code",
        code=parse_qs(urlsplit(location).query)["code"][0],
        redirect_uri=livestorm.redirect_uri,
        code_verifier="abc",
    )
    assert (answer.status_code, answer.json()["scope"]) == (200, "events:read")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"client_id": "nobody"}, ["client_id is 'nobody'", "expected one of: "]),
        ({"scope": "evnts:read"}, ["refused: scope is 'evnts:read'", "400"]),
        ({"redirect_uri": "https://attacker.example.test/"}, ["redirect_uri is not registered"]),
        ({"decision": "aprove"}, ["decision is 'aprove'", "did you mean 'approve'"]),
        ({"user": "nobody@x.test"}, ["user is 'nobody@x.test'", "expected one of: "]),
        ({"stat": "x"}, ["unknown key stat", "did you mean 'state'"]),
        ({"url": "http://["}, ["url is 'http://['", "an authorization URL"]),
        ({"code_challenge": "abc"}, ["code_challenge_method is None"]),
        ({"response_mode": "form_post"}, ["response_mode is 'form_post'"]),
    ],
)
def test_wrong_authorization_is_refused(
    control: Control, body: dict[str, object], words: list[str]
) -> None:
    """A request that the engine would not ask the user about is a 422 that says why."""
    assert_refused(control("POST", "authorize", body), *words)


def test_authorization_that_the_engine_fails_on_is_refused(control: Control) -> None:
    """Where the engine answers 500, the shortcut is a 422."""
    body = {"redirect_uri": "https://client.example.test/callback?x=%ff"}
    assert_refused(control("POST", "authorize", body), "")


@pytest.mark.livestorm(release="5.5")
def test_denial_that_the_engine_fails_on_is_refused(control: Control) -> None:
    """In 5.5 an error by form_post is a 500, here a 422."""
    body = {"decision": "deny", "response_mode": "form_post"}
    assert_refused(control("POST", "authorize", body), "")


def test_issued_tokens_are_a_token_answer(
    livestorm: LivestormSandbox, http: httpx.Client, control: Control
) -> None:
    """`POST tokens` gives the token endpoint's success body."""
    body = control("POST", "tokens", {"scope": "identity:read", "expires_in": 60}).json()
    assert list(body) == [
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
        "created_at",
    ]
    assert (body["expires_in"], body["scope"]) == (60, "identity:read")
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert http.get(f"{livestorm.api_url}/me", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"scope": "identity:raed"}, ["scope is 'identity:raed'", "did you mean 'identity:read'"]),
        ({"client_id": "nobody"}, ["client_id is 'nobody'"]),
        ({"user": "nobody"}, ["user is 'nobody'"]),
        ({"expires_in": "1"}, ["expires_in is '1'", "expected an integer"]),
        ({"expire_in": 1}, ["unknown key expire_in", "did you mean 'expires_in'"]),
    ],
)
def test_wrong_tokens_are_refused(
    control: Control, body: dict[str, object], words: list[str]
) -> None:
    """Tokens that can't be are a 422 that says why."""
    assert_refused(control("POST", "tokens", body), *words)


@pytest.mark.parametrize("expires_in", [-5, 10**400], ids=["negative", "huge"])
def test_lifetime_that_can_not_be_is_refused(control: Control, expires_in: int) -> None:
    """A lifetime lies between nothing and what a date can hold."""
    assert_refused(control("POST", "tokens", {"expires_in": expires_in}), "expires_in is ")


@pytest.mark.parametrize("scope", [" ", "\t"])
def test_blank_scope_of_issued_tokens_counts_as_none(control: Control, scope: str) -> None:
    """A blank scope gives the default ones, as everywhere."""
    assert control("POST", "tokens", {"scope": scope}).json().get("scope") == "identity:read"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_expired_token_refreshes_still(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    control: Control,
    tokens: dict[str, Any],
    bearer: dict[str, str],
    refresh: SendTokenRequest,
    which: str,
) -> None:
    """`POST tokens/expire` ends the access token's lifetime, not the refresh token's."""
    assert control("POST", "tokens/expire", {"token": tokens[which]}).status_code == 204
    answer = http.get(f"{livestorm.api_url}/me", headers=bearer)
    assert "The access token expired" in answer.headers["www-authenticate"]
    assert refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoked_token_is_at_its_end(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    control: Control,
    tokens: dict[str, Any],
    bearer: dict[str, str],
    refresh: SendTokenRequest,
    which: str,
) -> None:
    """`POST tokens/revoke` ends the pair."""
    assert control("POST", "tokens/revoke", {"token": tokens[which]}).status_code == 204
    answer = http.get(f"{livestorm.api_url}/me", headers=bearer)
    assert "The access token was revoked" in answer.headers["www-authenticate"]
    assert refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("path", ["tokens/expire", "tokens/revoke"])
def test_unknown_token_is_refused(control: Control, path: str) -> None:
    """A token that the sandbox does not know is a 422, and is not shown in full."""
    answer = control("POST", path, {"token": "a-token-of-another-sandbox"})
    assert_refused(answer, "token is 'a-toke...'", "expected an access or refresh token")
    assert_refused(control("POST", path, {}), "token is missing")


@pytest.mark.livestorm(rate_limits=False, access_token_expires_in="never")
def test_token_without_a_lifetime_can_be_expired(
    livestorm: LivestormSandbox,
    http: httpx.Client,
    control: Control,
    tokens: dict[str, Any],
    bearer: dict[str, str],
) -> None:
    """Also a token that never expires by itself can be expired."""
    control("POST", "tokens/expire", {"token": tokens["access_token"]})
    assert http.get(f"{livestorm.api_url}/ping", headers=bearer).status_code == 401


# All routes


@pytest.mark.parametrize("path", ["nothing", "faults/a/b", "clock/nothing", "/"])
def test_unknown_control_path_is_not_found(control: Control, path: str) -> None:
    """What the control API does not have is a 404."""
    assert control("GET", path).status_code == 404


def test_control_api_never_fails_on_its_own_errors(control: Control, failures: FailureLog) -> None:
    """A refusal is no failure."""
    control("POST", "faults", {"on": "nothing"})
    control("POST", "clock", {"nothing": 1})
    assert not failures.failures()


@pytest.mark.parametrize("path", sorted({one.path for one in OPERATIONS}))
def test_path_names_all_its_methods(control: Control, path: str) -> None:
    """`Allow` lists what the path takes (RFC 9110, section 15.5.6)."""
    methods = {one.method for one in OPERATIONS if one.path == path}
    answer = control("BREW", path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == ", ".join(
        sorted({*methods, "HEAD"} if "GET" in methods else methods)
    )
    assert answer.json()["error"].endswith(answer.headers["Allow"])


def test_control_of_no_sandbox_is_an_error_in_json(
    livestorm_server: MockLivestorm, http: httpx.Client
) -> None:
    """As each other error of the control API; of the provider it is a text."""
    for path, media_type in (("_mock/clock", "application/json"), ("v1/me", "text/plain")):
        answer = http.get(f"{livestorm_server.origin}/s/none/{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith(media_type)
        assert "there is no sandbox at" in answer.text
    assert http.get(f"{livestorm_server.origin}/s/none/_mock/clock").json()["error"]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("fautls", "faults"),
        ("tokens/expir", "tokens/expire"),
        ("clock/", "clock"),
        ("/clock", "clock"),
        ("zzz", None),
    ],
)
def test_path_without_an_operation_names_the_nearest(
    control: Control, path: str, nearest: str | None
) -> None:
    """A typo in the path is told as one."""
    answer = control("GET", path)
    assert answer.status_code == 404
    assert answer.json()["error"].startswith(f"there is no /_mock/{path}; expected one of")
    assert nearest is None or f"did you mean '{nearest}'?" in answer.json()["error"]
