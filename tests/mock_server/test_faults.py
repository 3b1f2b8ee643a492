"""Every kind of fault, as a client meets it."""

import contextlib
import gzip
import json
import socket
import time
from base64 import b64encode
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.faults.reading import KINDS

from .conftest import SendTokenRequest
from .failure_log import FailureLog
from .wire import Answer, ConnectionEnded, Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)

NOON = 1_795_435_200
FORM = ("Content-Type", "application/x-www-form-urlencoded")
HEADER = "X-Livestorm-Mock-Fault"

# What each kind needs, and what keeps it short.
PARAMETERS: dict[str, dict[str, Any]] = {
    "api_error": {"status": 503},
    "barrier": {"parties": 1},
    "callback": {"variant": "wrong_state"},
    "delay": {"seconds": 0},
    "drip": {"size": 1000, "seconds": 0},
    "endless_headers": {"megabytes": 1},
    "hang": {"seconds": 0.02},
    "huge_body": {"megabytes": 1},
    "oauth_error": {"error": "invalid_grant"},
    "sequence": {"steps": [502, "ok"]},
    "token_body": {"variant": "array"},
    "token_fields": {"drop": ["refresh_token"]},
}

Ping = Callable[..., Answer]


class Requests:
    """Raw requests to each endpoint of a sandbox, as a client in good standing sends them."""

    def __init__(self, livestorm: LivestormSandbox) -> None:
        self._livestorm = livestorm
        self._path = urlsplit(livestorm.app_url).path
        self._tokens = livestorm.issue_tokens()
        self._credentials = {
            "client_id": livestorm.client_id,
            "client_secret": livestorm.client_secret,
        }

    def frame(self, endpoint: str, *headers: tuple[str, str]) -> bytes:
        """Frame the request for a label; the server is asked to close."""
        ends = [("Connection", "close"), *headers]
        if endpoint.startswith("api."):
            return self._get(f"/v1/{endpoint[4:]}", [*ends, self._bearer])
        if endpoint == "authorize":
            return self._get(f"/oauth/authorize?{urlencode(self._authorization())}", ends)
        if endpoint == "token_info":
            return self._get("/oauth/token/info", [*ends, self._bearer])
        path, members = self._posted(endpoint)
        body = urlencode(self._credentials | members).encode()
        return frame("POST", self._path + path, [*ends, FORM], body)

    @property
    def _bearer(self) -> tuple[str, str]:
        return ("Authorization", f"Bearer {self._tokens['access_token']}")

    def _get(self, path: str, headers: list[tuple[str, str]]) -> bytes:
        return frame("GET", self._path + path, headers)

    def _authorization(self) -> dict[str, str]:
        return {
            "client_id": self._livestorm.client_id,
            "redirect_uri": self._livestorm.redirect_uri,
            "response_type": "code",
            "state": "abc",
        }

    def _posted(self, endpoint: str) -> tuple[str, dict[str, str]]:
        refresh_token = str(self._tokens["refresh_token"])
        if endpoint == "token.refresh_token":
            members = {"grant_type": "refresh_token", "refresh_token": refresh_token}
            return "/oauth/token", members
        if endpoint == "token.authorization_code":
            code = parse_qs(urlsplit(self._livestorm.authorize()).query)["code"][0]
            uri = self._livestorm.redirect_uri
            members = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri}
            return "/oauth/token", members
        return f"/oauth/{endpoint}", {"token": refresh_token}


ENDPOINTS = (
    "authorize",
    "token.authorization_code",
    "token.refresh_token",
    "revoke",
    "introspect",
    "token_info",
    "api.me",
    "api.ping",
)


@pytest.fixture
def requests(livestorm: LivestormSandbox) -> Requests:
    """Requests to the sandbox."""
    return Requests(livestorm)


@pytest.fixture
def send(livestorm: LivestormSandbox, requests: Requests) -> Ping:
    """Send the request for an endpoint; give the answer. Raises ConnectionEnded."""

    def call(endpoint: str = "api.ping", *headers: tuple[str, str]) -> Answer:
        with Wire(livestorm.app_url) as wire:
            wire.send(requests.frame(endpoint, *headers))
            return wire.read()

    return call


@pytest.fixture
def send_raw(livestorm: LivestormSandbox, requests: Requests) -> Callable[[str], bytes]:
    """Send the request for an endpoint; give all bytes of the answer, however it ends."""

    def call(endpoint: str) -> bytes:
        with Wire(livestorm.app_url) as wire:
            wire.send(requests.frame(endpoint))
            return wire.read_to_end()

    return call


def last_fault(livestorm: LivestormSandbox) -> object:
    """Give what the journal says of the last exchange's fault."""
    return livestorm.journal.entries()[-1].as_json()["fault"]


# Where, when and how often


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
    livestorm: LivestormSandbox, send: Ping, on: str, struck: set[str]
) -> None:
    """A label stands for its endpoint, `token` and `api` for all of theirs."""
    livestorm.faults.arm(on, "html_page", status=418)
    assert {endpoint for endpoint in ENDPOINTS if send(endpoint).status == 418} == struck


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


# Before and after the effect


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
@pytest.mark.parametrize(("phase", "is_rotated"), [("before", False), ("after", True)])
@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        ("oauth_error", {"error": "server_error"}),
        ("html_page", {"status": 502}),
        ("api_error", {"status": 500}),
        ("rate_limited", {}),
        ("answer", {"status": 200, "body": "lost"}),
        ("short_body", {}),
        ("close", {}),
        ("reset", {}),
        ("truncated_json", {}),
        ("garbage", {}),
    ],
)
def test_lost_refresh_has_its_effect_after_and_not_before(
    livestorm: LivestormSandbox,
    send: Ping,
    refresh: SendTokenRequest,
    requests: Requests,
    fault: str,
    parameters: dict[str, Any],
    phase: str,
    is_rotated: bool,
) -> None:
    """After the effect the refresh token is used up, though its answer is lost; else not."""
    livestorm.faults.arm("token.refresh_token", fault, phase=phase, times=1, **parameters)
    with contextlib.suppress(ConnectionEnded, ConnectionResetError, ValueError):
        send("token.refresh_token")
    assert (send("token.refresh_token").status == 400) == is_rotated


@pytest.mark.parametrize(("phase", "is_used"), [("before", False), ("after", True)])
def test_lost_exchange_has_its_effect_after_and_not_before(
    livestorm: LivestormSandbox, request_token: SendTokenRequest, phase: str, is_used: bool
) -> None:
    """After the effect the code is used up; before, it is not."""
    code = parse_qs(urlsplit(livestorm.authorize()).query)["code"][0]
    members = {"code": code, "redirect_uri": livestorm.redirect_uri}
    livestorm.faults.arm("token.authorization_code", "html_page", status=502, phase=phase, times=1)
    assert request_token(grant_type="authorization_code", **members).status_code == 502
    again = request_token(grant_type="authorization_code", **members)
    assert (again.status_code == 400) == is_used


@pytest.mark.parametrize("body", [b"{", b'{"grant_type":'])
def test_fault_after_the_effect_replaces_also_a_refusal(
    livestorm: LivestormSandbox, http: httpx.Client, body: bytes
) -> None:
    """What the journal says struck has struck, also where Rails refuses the request."""
    livestorm.faults.arm("token", "html_page", status=502, phase="after")
    answer = http.post(
        f"{livestorm.app_url}/oauth/token",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 502


# Every kind on every endpoint


@pytest.mark.livestorm(rate_limits=False, consent="approve")
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    ("kind", "phase"), [(name, phase) for name, kind in KINDS.items() for phase in kind.phases]
)
def test_kind_strikes_any_endpoint_without_a_failure(
    livestorm: LivestormSandbox,
    send_raw: Callable[[str], bytes],
    failures: FailureLog,
    kind: str,
    phase: str,
    endpoint: str,
) -> None:
    """Each kind can strike each endpoint; none of them makes the fake itself fail."""
    armed = livestorm.faults.arm(endpoint, kind, phase=phase, **PARAMETERS.get(kind, {}))
    try:
        wire = send_raw(endpoint)
    except ConnectionResetError:
        wire = b""
    assert armed.hits == 1
    assert not failures.failures()
    assert b"Traceback" not in wire
    assert "traceback" not in (livestorm.journal.entries()[-1].exchange.reason or "")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_armed_kind_can_be_listed(
    livestorm: LivestormSandbox, http: httpx.Client, kind: str
) -> None:
    """`GET faults` shows each kind with the keys it was armed with."""
    parameters = PARAMETERS.get(kind, {})
    livestorm.faults.arm("api", kind, **parameters)
    (listed,) = http.get(f"{livestorm.control_url}/faults").json()["faults"]
    assert (listed["fault"], listed["on"], listed["hits"]) == (kind, "api", 0)
    assert parameters.items() <= listed.items()


# The kinds one by one


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("invalid_grant", 400),
        ("invalid_client", 401),
        ("server_error", 500),
        ("temporarily_unavailable", 503),
        ("of_my_own", 400),
    ],
)
def test_oauth_error_answers_as_the_token_endpoint(
    livestorm: LivestormSandbox, send: Ping, error: str, status: int
) -> None:
    """The body has the code, the status fits it, the challenge repeats it."""
    livestorm.faults.arm("token", "oauth_error", error=error)
    answer = send("token.refresh_token")
    assert (answer.status, answer.json()["error"]) == (status, error)
    assert f'error="{error}"' in str(answer.header("www-authenticate"))
    assert answer.header("cache-control") == "no-store"


def test_oauth_error_takes_description_uri_and_status(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """All members can be given."""
    keys = {"description": "Gone.", "uri": "https://x.test/", "status": 418}
    livestorm.faults.arm("token", "oauth_error", error="x", **keys)
    answer = send("token.refresh_token")
    assert answer.status == 418
    assert list(answer.json().values()) == ["x", "Gone.", "https://x.test/"]


@pytest.mark.parametrize("text", ['quo"te', "back\\slash", "é", "line\r\nbreak", "\0"])
def test_oauth_error_with_odd_text_is_well_formed(
    livestorm: LivestormSandbox, send: Ping, text: str
) -> None:
    """Whatever the texts, header and body are in order."""
    livestorm.faults.arm("token", "oauth_error", error=text, description=text)
    answer = send("token.refresh_token")
    assert answer.json() == {"error": text, "error_description": text}
    assert str(answer.header("www-authenticate")).count('"') == 6


def test_api_error_has_as_many_objects_as_asked_for(
    livestorm: LivestormSandbox, send: Ping
) -> None:
    """`count` and `without` shape the list."""
    livestorm.faults.arm("api", "api_error", status=422, count=3, without=["detail"])
    errors = send().json()["errors"]
    assert [set(error) for error in errors] == [{"title", "code", "status"}] * 3


@pytest.mark.parametrize("status", [400, 404, 418, 499, 520, 599])
def test_api_error_may_have_any_status(
    livestorm: LivestormSandbox, send: Ping, status: int
) -> None:
    """Also a status without a name is answered."""
    livestorm.faults.arm("api", "api_error", status=status)
    answer = send()
    assert (answer.status, answer.json()["errors"][0]["code"]) == (status, str(status))


@pytest.mark.parametrize("status", [200, 299, 500, 520, 599])
def test_html_page_may_have_any_status(
    livestorm: LivestormSandbox, send: Ping, failures: FailureLog, status: int
) -> None:
    """Also a status without a name is a page, such as 520 of a well-known gateway."""
    livestorm.faults.arm("api", "html_page", status=status)
    answer = send()
    assert (answer.status, answer.header("content-type")) == (status, "text/html; charset=utf-8")
    assert answer.body.startswith(b"<!DOCTYPE html>")
    assert not failures.failures()


def test_html_page_may_lie_about_itself(livestorm: LivestormSandbox, send: Ping) -> None:
    """The content type can be JSON's."""
    livestorm.faults.arm("api", "html_page", content_type="application/json")
    assert send().header("content-type") == "application/json"


@pytest.mark.parametrize(
    ("keys", "retry_after"),
    [
        ({}, "1"),
        ({"retry_after": 7}, "7"),
        ({"retry_after": 0.5}, "0.5"),
        ({"retry_after": "soon"}, "soon"),
        ({"retry_after_form": "absent"}, None),
        ({"retry_after": None}, None),
    ],
)
def test_rate_limited_says_when_to_try_again(
    livestorm: LivestormSandbox, send: Ping, keys: dict[str, Any], retry_after: str | None
) -> None:
    """Retry-After comes in every form, or not at all."""
    livestorm.faults.arm("api", "rate_limited", **keys)
    answer = send()
    assert (answer.status, answer.header("retry-after")) == (429, retry_after)


def test_rate_limited_may_give_a_date(livestorm: LivestormSandbox, send: Ping) -> None:
    """As a date, Retry-After is reckoned from the virtual clock."""
    livestorm.clock.freeze()
    livestorm.clock.set(NOON)
    livestorm.faults.arm("api", "rate_limited", retry_after=90, retry_after_form="http_date")
    date = parsedate_to_datetime(str(send().header("retry-after")))
    assert date.timestamp() == NOON + 90


@pytest.mark.parametrize(
    ("shape", "content_type"),
    [("jsonapi", "application/vnd.api+json; charset=utf-8"), ("html", "text/html; charset=utf-8")],
)
def test_rate_limited_has_the_body_asked_for(
    livestorm: LivestormSandbox, send: Ping, shape: str, content_type: str
) -> None:
    """The body is a document or a page."""
    livestorm.faults.arm("api", "rate_limited", shape=shape)
    assert send().header("content-type") == content_type


def test_rate_limited_may_be_empty(livestorm: LivestormSandbox, send: Ping) -> None:
    """Or there is no body."""
    livestorm.faults.arm("api", "rate_limited", shape="empty")
    assert (send().status, send().body) == (429, b"")


def test_answer_is_sent_as_it_was_given(livestorm: LivestormSandbox, send: Ping) -> None:
    """Status, content type, headers and body are those of the fault."""
    keys: dict[str, Any] = {"status": 418, "content_type": "a/b", "headers": {"X-Own": "é"}}
    livestorm.faults.arm("api", "answer", body="tea", **keys)
    answer = send()
    assert (answer.status, answer.body, answer.header("content-type")) == (418, b"tea", "a/b")
    assert str(answer.header("x-own")).encode("latin-1").decode() == "é"


@settings(max_examples=30, deadline=None, derandomize=True)
@given(body=st.binary(max_size=200))
def test_answer_may_be_any_bytes(body: bytes) -> None:
    """A body in base64 is sent byte for byte."""
    with MockLivestorm() as livestorm, Wire(livestorm.app_url) as wire:
        livestorm.faults.arm("api", "answer", body_base64=b64encode(body).decode())
        wire.send(frame("GET", "/v1/ping"))
        assert wire.read().body == body


@pytest.mark.parametrize(
    ("fault", "keys"),
    [
        ("answer", {"headers": {"X-A": "a\r\nX-B: b"}}),
        ("answer", {"headers": {"X A": "a"}}),
        ("answer", {"content_type": "a\r\nb"}),
        ("html_page", {"content_type": "a\r\nb"}),
        ("rate_limited", {"retry_after": "1\r\nX-B: b"}),
        ("redirect", {"to": "https://x.test/\r\nX-B: b"}),
    ],
)
def test_header_that_can_not_be_is_refused_when_it_is_armed(
    livestorm: LivestormSandbox, fault: str, keys: dict[str, Any]
) -> None:
    """A line break in a header is refused at once, not when the fault strikes."""
    with pytest.raises(InvalidInputError):
        livestorm.faults.arm("api", fault, **keys)


@pytest.mark.parametrize(
    "headers",
    [{"Content-Length": "10"}, {"content-length": "1"}, {"Transfer-Encoding": "chunked"}],
)
def test_answer_with_a_framing_of_its_own_is_refused_or_sent_in_order(
    livestorm: LivestormSandbox, send: Ping, failures: FailureLog, headers: dict[str, str]
) -> None:
    """Framing headers never make the HTTP server fail; there are kinds for that."""
    try:
        livestorm.faults.arm("api", "answer", body="abc", headers=headers)
    except InvalidInputError:
        return
    answer = send()
    assert answer.body == b"abc"
    assert not failures.failures()
    framing = [n for n, _ in answer.headers if n in ("content-length", "transfer-encoding")]
    assert len(framing) == 1


def test_retry_after_beyond_dates_is_refused_or_sent(
    livestorm: LivestormSandbox, send: Ping, failures: FailureLog
) -> None:
    """A date that can't be never makes the fake fail."""
    try:
        keys = {"retry_after": 1e300, "retry_after_form": "http_date"}
        livestorm.faults.arm("api", "rate_limited", **keys)
    except InvalidInputError:
        return
    assert send().status == 429
    assert not failures.failures()


def test_delay_waits_and_then_answers(livestorm: LivestormSandbox, send: Ping) -> None:
    """The right answer comes, late."""
    livestorm.faults.arm("api", "delay", seconds=0.15)
    before = time.monotonic()
    assert send().status == 200
    assert time.monotonic() - before >= 0.15


def test_expired_token_is_the_engines_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The token has just expired; refreshing works."""
    livestorm.faults.arm("api", "expired_token", times=1)
    assert "The access token expired" in str(send().header("www-authenticate"))
    assert send().status == 401
    assert send("token.refresh_token").status == 200


def test_revoked_grant_is_the_engines_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The user disconnected the application; refreshing is refused."""
    livestorm.faults.arm("api", "revoked_grant", times=1)
    assert "The access token was revoked" in str(send().header("www-authenticate"))
    assert send("token.refresh_token").json()["error"] == "invalid_grant"


def test_revoked_grant_strikes_a_refresh(livestorm: LivestormSandbox, send: Ping) -> None:
    """The grant can end with the refresh itself."""
    livestorm.faults.arm("token.refresh_token", "revoked_grant", times=1)
    assert send("token.refresh_token").json()["error"] == "invalid_grant"


def test_workspace_blocked_is_a_403(livestorm: LivestormSandbox, send: Ping) -> None:
    """The account is not validated."""
    livestorm.faults.arm("api", "workspace_blocked")
    answer = send()
    assert (answer.status, answer.json()["errors"][0]["title"]) == (403, "Workspace blocked")


def test_insufficient_scope_is_the_engines_refusal(livestorm: LivestormSandbox, send: Ping) -> None:
    """The token lacks a scope."""
    livestorm.faults.arm("api", "insufficient_scope", scope=["events:read"])
    answer = send()
    assert (answer.status, answer.body) == (403, b"")
    assert "_events:read_" in str(answer.header("www-authenticate"))


def test_close_ends_without_an_answer(livestorm: LivestormSandbox, send: Ping) -> None:
    """The connection is closed in order, and the journal knows that nothing was sent."""
    livestorm.faults.arm("api", "close")
    with pytest.raises(ConnectionEnded):
        send()
    assert livestorm.journal.entries()[-1].as_json()["response"] is None


def test_reset_ends_with_an_rst(livestorm: LivestormSandbox, send: Ping) -> None:
    """The connection is reset."""
    livestorm.faults.arm("api", "reset")
    with pytest.raises(ConnectionResetError):
        send()


def test_reset_in_body_sends_a_part_first(livestorm: LivestormSandbox, send: Ping) -> None:
    """The head arrives, the body does not."""
    livestorm.faults.arm("api", "reset_in_body")
    with pytest.raises(ConnectionResetError):
        send("api.me")


def test_hang_sends_nothing(livestorm: LivestormSandbox, requests: Requests) -> None:
    """Nothing comes while the client waits."""
    livestorm.faults.arm("api", "hang")
    with Wire(livestorm.app_url, timeout=0.1) as wire:
        wire.send(requests.frame("api.ping"))
        with pytest.raises((TimeoutError, socket.timeout)):
            wire.read()


def test_short_body_is_shorter_than_announced(livestorm: LivestormSandbox, send: Ping) -> None:
    """Content-Length promises more than comes."""
    livestorm.faults.arm("api", "short_body", missing=5)
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length"))) - 5


def test_cut_chunked_lacks_its_last_chunk(
    livestorm: LivestormSandbox, send_raw: Callable[[str], bytes]
) -> None:
    """The one chunk is whole, the end is missing."""
    livestorm.faults.arm("api", "cut_chunked")
    wire = send_raw("api.me").lower()
    assert b"transfer-encoding: chunked" in wire
    assert b"content-length" not in wire
    assert not wire.endswith(b"0\r\n\r\n")


def test_close_delimited_has_no_length(
    livestorm: LivestormSandbox, send_raw: Callable[[str], bytes]
) -> None:
    """Nothing but the content shows the cut."""
    livestorm.faults.arm("api", "close_delimited", keep=0.5)
    head, _, body = send_raw("api.me").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200")
    assert b"content-length" not in head.lower()
    with pytest.raises(ValueError):
        json.loads(body)


def test_truncated_json_fits_its_length(livestorm: LivestormSandbox, send: Ping) -> None:
    """The body is cut, and Content-Length agrees."""
    livestorm.faults.arm("api", "truncated_json")
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length")))
    with pytest.raises(ValueError):
        answer.json()


def test_gzip_lie_is_not_compressed(livestorm: LivestormSandbox, send: Ping) -> None:
    """Content-Encoding says gzip, the body is plain."""
    livestorm.faults.arm("api", "gzip_lie")
    answer = send("api.me")
    assert answer.header("content-encoding") == "gzip"
    assert answer.json()["data"]


def test_cut_gzip_can_not_be_unpacked(livestorm: LivestormSandbox, send: Ping) -> None:
    """The compressed body lacks its end, and Content-Length agrees."""
    livestorm.faults.arm("api", "cut_gzip")
    answer = send("api.me")
    assert len(answer.body) == int(str(answer.header("content-length")))
    with pytest.raises(EOFError):
        gzip.decompress(answer.body)


def test_garbage_is_the_same_each_time(livestorm: LivestormSandbox, send: Ping) -> None:
    """The random bytes come from the fault's seed."""
    livestorm.faults.arm("api", "garbage", size=100, seed=4)
    assert send().body == send().body
    assert len(send().body) == 100


def test_huge_body_stays_json(livestorm: LivestormSandbox, send: Ping) -> None:
    """White space lengthens the body."""
    livestorm.faults.arm("api", "huge_body", megabytes=2)
    answer = send("api.me")
    assert len(answer.body) >= 2_000_000
    assert answer.json()["data"]


def test_drip_is_whole_in_the_end(livestorm: LivestormSandbox, send: Ping) -> None:
    """All bytes come, a few at a time."""
    livestorm.faults.arm("api", "drip", size=50, seconds=0.001)
    assert send("api.me").json()["data"]


def test_stale_keep_alive_closes_without_saying_so(
    livestorm: LivestormSandbox, requests: Requests
) -> None:
    """The answer is right, the connection is gone afterwards."""
    livestorm.faults.arm("api", "stale_keep_alive")
    with Wire(livestorm.app_url) as wire:
        wire.send(requests.frame("api.ping").replace(b"Connection: close\r\n", b""))
        assert not wire.read().ends_connection
        with pytest.raises(ConnectionEnded):
            wire.read()


def test_redirect_leads_to_another_origin(livestorm: LivestormSandbox, send: Ping) -> None:
    """The same path is served at another port of this machine."""
    livestorm.faults.arm("api", "redirect", times=1)
    answer = send("api.me")
    location = str(answer.header("location"))
    assert answer.status == 307
    assert urlsplit(location).path == urlsplit(f"{livestorm.api_url}/me").path
    assert urlsplit(location).netloc != urlsplit(livestorm.api_url).netloc


def test_sequence_goes_step_by_step(livestorm: LivestormSandbox, send: Ping) -> None:
    """Each matching request meets the next step, then all pass."""
    steps = [502, "ok", "workspace_blocked", {"fault": "api_error", "status": 422}]
    livestorm.faults.arm("api", "sequence", steps=steps)
    assert [send().status for _ in range(6)] == [502, 200, 403, 422, 200, 200]


def test_barrier_holds_until_all_have_come(livestorm: LivestormSandbox, requests: Requests) -> None:
    """The first request waits for the second."""
    livestorm.faults.arm("api", "barrier", parties=2)
    with Wire(livestorm.app_url, timeout=0.1) as first, Wire(livestorm.app_url) as second:
        first.send(requests.frame("api.ping"))
        with pytest.raises((TimeoutError, socket.timeout)):
            first.read()
        second.send(requests.frame("api.ping"))
        assert second.read().status == 200


@pytest.mark.parametrize("end", ["release", "disarm", "reset", "close"])
def test_barrier_lets_go_when_there_is_nothing_to_wait_for(
    livestorm_server: MockLivestorm, end: str
) -> None:
    """A test thread releases it; and with the fault, or its sandbox, the waiting ends, too."""
    with livestorm_server.sandbox() as livestorm:
        armed = livestorm.faults.arm("api", "barrier", parties=2)
        ends = {
            "release": armed.release,
            "disarm": livestorm.faults.disarm,
            "reset": livestorm.reset,
            "close": livestorm.close,
        }
        with Wire(livestorm.app_url) as wire:
            wire.send(frame("GET", urlsplit(f"{livestorm.api_url}/ping").path))
            while not len(livestorm.journal):
                pass
            ends[end]()
            assert wire.read().status == 401


@pytest.mark.livestorm(consent="approve")
@pytest.mark.parametrize(
    ("variant", "query"),
    [
        ("missing_state", {"state": None}),
        ("wrong_state", {"state": ["of-another-flow"]}),
        ("duplicate_state", {"state": ["abc", "of-another-flow"]}),
        ("error_beside_code", {"error": ["access_denied"]}),
        ("foreign_iss", {"iss": ["https://attacker.example.test"]}),
    ],
)
def test_callback_spoils_the_redirection(
    livestorm: LivestormSandbox, send: Ping, variant: str, query: dict[str, Any]
) -> None:
    """The browser is sent back with something wrong."""
    livestorm.faults.arm("authorize", "callback", variant=variant)
    location = str(send("authorize").header("location"))
    found = parse_qs(urlsplit(location).query)
    assert {name: found.get(name) for name in query} == query


def test_token_fields_are_changed(livestorm: LivestormSandbox, send: Ping) -> None:
    """Members are replaced, dropped and lengthened."""
    livestorm.faults.arm(
        "token",
        "token_fields",
        set={"expires_in": "7200", "extra": None},
        drop=["scope"],
        pad={"access_token": 5000},
    )
    body = send("token.refresh_token").json()
    assert (body["expires_in"], body["extra"], len(body["access_token"])) == ("7200", None, 5000)
    assert "scope" not in body


def test_token_given_by_a_fault_is_good(
    livestorm: LivestormSandbox, send: Ping, http: httpx.Client
) -> None:
    """The provider knows the token that the fault gave."""
    livestorm.faults.arm("token", "token_fields", set={"access_token": "given"})
    send("token.refresh_token")
    headers = {"Authorization": "Bearer given"}
    assert http.get(f"{livestorm.api_url}/ping", headers=headers).status_code == 200


# A request's own fault


def test_request_asks_for_its_own_fault(livestorm: LivestormSandbox, send: Ping) -> None:
    """The header gives the kind and its parameters; the journal tells where it came from."""
    answer = send("api.ping", (HEADER, "rate_limited; retry_after=2"))
    assert (answer.status, answer.header("retry-after")) == (429, "2")
    assert last_fault(livestorm) == {
        "id": "request-header",
        "fault": "rate_limited",
        "phase": "before",
    }


def test_own_fault_does_not_outlive_its_request(livestorm: LivestormSandbox, send: Ping) -> None:
    """The next request is answered as usual, and nothing is armed."""
    send("api.ping", (HEADER, "api_error; status=503"))
    assert send().status == 200
    assert livestorm.faults.armed() == []


def test_own_fault_may_come_after_the_effect(livestorm: LivestormSandbox, send: Ping) -> None:
    """`phase=after` works from the header, too."""
    answer = send("revoke", (HEADER, 'html_page; status=502; phase="after"'))
    assert (answer.status, send("api.ping").status) == (502, 401)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("rate_limted", [b"fault is 'rate_limted'", b"did you mean 'rate_limited'?"]),
        ("rate_limited; retry_afer=2", [b"unknown key", b"retry_afer", b"'retry_after'"]),
        ("api_error; status=x", [b"status is 'x'", b"expected an integer"]),
        ("api_error", [b"status is missing"]),
        ("", [b"fault is ''"]),
        (";;;", [b"fault is ''"]),
        ("delay; seconds=nan", [b"seconds is"]),
        ("expired_token; phase=after", [b"phase is 'after'", b"expected one of: before"]),
    ],
)
def test_wrong_fault_of_a_request_is_refused(
    livestorm: LivestormSandbox, send: Ping, value: str, words: list[bytes]
) -> None:
    """A fault that can't be is a 400 that names the header, the key and the near miss."""
    answer = send("api.ping", (HEADER, value))
    assert answer.status == 400
    assert answer.body.startswith(
        (b"X-Livestorm-Mock-Fault", b"unknown key X-Livestorm-Mock-Fault")
    )
    assert all(word in answer.body for word in words), answer.body


def test_refused_fault_of_a_request_has_no_effect(livestorm: LivestormSandbox, send: Ping) -> None:
    """Where the header is wrong, the request is not executed."""
    send("revoke", (HEADER, "nonsense"))
    assert send("api.ping").status == 200


@pytest.mark.parametrize("path", ["/oauth/authorize/native", "/oauth/authorized_applications"])
def test_request_to_any_endpoint_may_ask_for_a_fault(
    livestorm: LivestormSandbox, http: httpx.Client, path: str
) -> None:
    """Also endpoints that no list of labels has can be struck by a header."""
    answer = http.get(f"{livestorm.app_url}{path}", headers={HEADER: "html_page; status=503"})
    assert answer.status_code == 503


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    value=st.one_of(
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=40),
        st.builds(
            "{}; {}={}".format,
            st.sampled_from(sorted(set(KINDS) - {"hang", "drip", "delay", "barrier"})),
            st.sampled_from(["status", "times", "when", "phase", "steps", "variant", "to", "on"]),
            st.sampled_from(["1", "x", "", "after", "{}", "[]", "520", "null", "true"]),
        ),
    )
)
def test_any_fault_header_is_obeyed_or_refused(
    livestorm_server: MockLivestorm, failure_log: FailureLog, value: str
) -> None:
    """No header makes the fake fail."""
    failure_log.clear()
    with livestorm_server.sandbox() as sandbox, Wire(sandbox.app_url) as wire:
        path = urlsplit(f"{sandbox.api_url}/ping").path
        wire.send(frame("GET", path, [(HEADER, value), ("Connection", "close")]))
        try:
            assert b"Traceback" not in wire.read_to_end()
        except ConnectionResetError:
            assert value.startswith("reset")
    assert not failure_log.failures()
