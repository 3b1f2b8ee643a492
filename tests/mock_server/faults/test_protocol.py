"""Kinds that answer as an OAuth server, an API or a gateway."""

from base64 import b64encode
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm

from ..failure_log import FailureLog
from ..requests import Ping
from ..wire import Wire, frame

pytestmark = pytest.mark.livestorm(rate_limits=False)

NOON = 1_795_435_200


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


def test_redirect_leads_to_another_origin(livestorm: LivestormSandbox, send: Ping) -> None:
    """The same path is served at another port of this machine."""
    livestorm.faults.arm("api", "redirect", times=1)
    answer = send("api.me")
    location = str(answer.header("location"))
    assert answer.status == 307
    assert urlsplit(location).path == urlsplit(f"{livestorm.api_url}/me").path
    assert urlsplit(location).netloc != urlsplit(livestorm.api_url).netloc


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
