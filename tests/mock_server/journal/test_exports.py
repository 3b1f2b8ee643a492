"""The journal as an HTTP archive and as a sequence diagram."""

import base64
import re
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.journal.mermaid import as_mermaid
from livestorm_mock_server.masking import Mask

from ..conftest import SendTokenRequest

pytestmark = pytest.mark.livestorm(rate_limits=False)

Entry = dict[str, Any]


def archive(livestorm: LivestormSandbox, **query: str) -> list[Entry]:
    """Fetch the archive's entries."""
    log = httpx.get(f"{livestorm.control_url}/journal/har", params=query).json()["log"]
    assert log["version"] == "1.2"
    return list(log["entries"])


def diagram(livestorm: LivestormSandbox, **query: str) -> list[str]:
    """Fetch the diagram's lines."""
    answer = httpx.get(f"{livestorm.control_url}/journal/mermaid", params=query)
    assert answer.headers["content-type"] == "text/vnd.mermaid; charset=utf-8"
    return [line.strip() for line in answer.text.splitlines()]


def test_archive_has_request_and_answer(
    livestorm: LivestormSandbox, request_token: SendTokenRequest
) -> None:
    """URL, parameters, form, status and body are where HAR has them."""
    request_token(grant_type="refresh_token", refresh_token="x")
    (entry,) = archive(livestorm)
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == ("POST", f"{livestorm.app_url}/oauth/token")
    assert request["postData"]["mimeType"] == "application/x-www-form-urlencoded"
    assert request["postData"]["text"].endswith("&grant_type=refresh_token&refresh_token=x")
    assert (response["status"], response["statusText"]) == (400, "Bad Request")
    assert '"error":"invalid_grant"' in response["content"]["text"]
    assert entry["_reason"] == "the refresh token is unknown"


def test_archive_splits_query_and_cookies(livestorm: LivestormSandbox) -> None:
    """The query's pairs and both kinds of cookies are listed."""
    url = f"{livestorm.app_url}/oauth/authorize?client_id={livestorm.client_id}&state=a+b&state="
    httpx.get(f"{url}&redirect_uri={livestorm.redirect_uri}&response_type=code")
    (entry,) = archive(livestorm)
    pairs = [(one["name"], one["value"]) for one in entry["request"]["queryString"]]
    assert pairs[1:3] == [("state", "a b"), ("state", "")]
    assert [one["name"] for one in entry["response"]["cookies"]] == ["_session_id"]


def test_archive_tells_real_times(livestorm: LivestormSandbox) -> None:
    """Moments are real ones, whatever the virtual clock says; that stands in `_at`."""
    livestorm.clock.freeze()
    livestorm.clock.set(0)
    httpx.get(f"{livestorm.api_url}/ping")
    (entry,) = archive(livestorm)
    (exchange,) = livestorm.journal
    assert datetime.fromisoformat(entry["startedDateTime"]).timestamp() == pytest.approx(
        exchange.wall
    )
    assert entry["time"] == entry["timings"]["wait"] >= 0
    assert entry["_at"] == 0


def test_archive_says_where_nothing_was_answered(livestorm: LivestormSandbox) -> None:
    """Status 0 stands for no answer; the fault is named."""
    armed = livestorm.faults.arm("api", "reset")
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{livestorm.api_url}/ping")
    (entry,) = archive(livestorm)
    assert entry["response"]["status"] == 0
    assert entry["_fault"]["id"] == armed.id


def test_archive_keeps_bytes_that_are_no_text(livestorm: LivestormSandbox) -> None:
    """A body that is no UTF-8 is in base64."""
    livestorm.faults.arm("api", "garbage", size=64)
    body = httpx.get(f"{livestorm.api_url}/ping").content
    (entry,) = archive(livestorm)
    content = entry["response"]["content"]
    assert (content["encoding"], base64.b64decode(content["text"])) == ("base64", body)


@pytest.mark.parametrize("path", ["har", "mermaid"])
def test_exports_take_the_filters(livestorm: LivestormSandbox, path: str) -> None:
    """A wrong filter is refused by each export."""
    answer = httpx.get(f"{livestorm.control_url}/journal/{path}", params={"endpoint": "api.mee"})
    assert (answer.status_code, "did you mean 'api.me'" in answer.text) == (422, True)


def test_python_exports_the_same(livestorm: LivestormSandbox) -> None:
    """The methods of the sandbox give what the control API gives."""
    httpx.get(f"{livestorm.api_url}/ping")
    assert livestorm.export_har()["log"] == {
        **httpx.get(f"{livestorm.control_url}/journal/har").json()["log"]
    }
    assert livestorm.export_mermaid(endpoint="api").split() == " ".join(diagram(livestorm)).split()


@pytest.mark.livestorm(rate_limits=False, consent="approve")
def test_diagram_shows_who_asked_whom(livestorm: LivestormSandbox) -> None:
    """The browser asks the app, the client asks app and API, each is answered."""
    location = authorized(livestorm)
    redeem(livestorm, location)
    lines = diagram(livestorm)
    assert lines[0] == "sequenceDiagram"
    assert "c0->>app: 1. GET /oauth/authorize" in lines
    assert "app-->>c0: 1. 302 Found" in lines
    assert "c1->>app: 2. POST /oauth/token authorization_code" in lines
    assert "app-->>c1: 2. 200 OK (token 1)" in lines


def authorized(livestorm: LivestormSandbox) -> str:
    """Go to the authorization endpoint of a provider that approves at once; give the callback."""
    query = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
    }
    answer = httpx.get(f"{livestorm.app_url}/oauth/authorize", params=query)
    return answer.headers["location"]


def redeem(livestorm: LivestormSandbox, location: str) -> None:
    """Exchange the code of a callback."""
    form = {
        "grant_type": "authorization_code",
        "code": httpx.URL(location).params["code"],
        "redirect_uri": livestorm.redirect_uri,
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    httpx.post(f"{livestorm.app_url}/oauth/token", data=form).raise_for_status()


def test_diagram_shows_lost_answers_and_leaps_of_the_clock(
    livestorm: LivestormSandbox, refresh: SendTokenRequest
) -> None:
    """What a test did to clock and answers stands between the arrows."""
    refresh_token = str(livestorm.issue_tokens()["refresh_token"])
    httpx.get(f"{livestorm.api_url}/ping")
    livestorm.clock.advance(7201)
    livestorm.faults.arm("token", "reset", phase="after")
    with pytest.raises(httpx.HTTPError):
        refresh(refresh_token)
    lines = diagram(livestorm)
    assert "Note over app,api: the clock is moved by 7201 s" in lines
    assert "app--xc1: 2. nothing is answered" in lines
    assert "Note over app: fault fault-1 (reset, after the effect)" in lines


def test_clock_that_stands_does_not_leap_in_the_diagram(livestorm: LivestormSandbox) -> None:
    """A minute passes between two exchanges, and nothing is said to have moved the clock."""
    livestorm.clock.freeze()
    for _ in range(2):
        httpx.get(f"{livestorm.api_url}/ping")
    first, second = livestorm.journal.entries()
    told = as_mermaid([first, msgspec.structs.replace(second, wall=first.wall + 60)], Mask())
    assert "the clock is moved" not in told


SECRET = "s3cr3t-canary"
NAMES = st.characters(min_codepoint=0x20, max_codepoint=0x2FF, blacklist_characters="\x7f")


@settings(max_examples=25, deadline=None)
@given(text=st.text(NAMES, max_size=30))
def test_diagram_holds_no_secret_and_no_syntax_of_the_client(
    livestorm_server: MockLivestorm, text: str
) -> None:
    """Whatever a client sends, each line is one of the few forms, and no value is shown."""
    with livestorm_server.sandbox() as livestorm:
        form = {"client_id": text, "client_secret": SECRET, "refresh_token": SECRET}
        url = httpx.URL(f"{livestorm.app_url}/oauth/{text.replace('/', '')}")
        httpx.post(url, params={"token": SECRET}, data=form)
        httpx.get(f"{livestorm.api_url}/me", headers={"Authorization": f"Bearer {SECRET}"})
        lines = diagram(livestorm)
    assert SECRET not in "\n".join(lines)
    assert [line for line in lines if not FORM.fullmatch(line)] == []


FORM = re.compile(
    r"sequenceDiagram"
    r"|participant \w+ as ([^#;<>]|#\d+;)+"
    r"|\w+(->>|-->>|--x)\w+: ([^#;<>]|#\d+;)+"
    r"|Note over app(,api)?: ([^#;<>]|#\d+;)+|Note over api: ([^#;<>]|#\d+;)+"
)
