"""Archives of all dialects are read; what is none is refused with the entry that is wrong."""

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError
from livestorm_mock_server.cli import commands
from livestorm_mock_server.recording import archive as reading
from livestorm_mock_server.recording.scenario import scenario_from
from livestorm_mock_server.scenario import Scenario
from livestorm_mock_server.scenario_files import read_scenario

from .archives import API, APP, archive, entry, pairs

EVENTS = {
    "data": [
        {"id": "e1", "type": "events", "attributes": {"title": "A", "owner_id": None}},
        {"id": "e2", "type": "events", "attributes": {"title": "B", "owner_id": "p1"}},
    ],
    "meta": {"record_count": 12, "items_per_page": 2},
}
LISTED = entry(url=f"{API}/v1/events?filter[title]=A&page[size]=2", body=json.dumps(EVENTS))
CHROMIUM = {
    "_initiator": {"type": "script"},
    "_priority": "High",
    "_resourceType": "fetch",
    "cache": {},
    "connection": "443",
    "pageref": "page_1",
    "request": {
        "method": "GET",
        "url": f"{API}/v1/me",
        "httpVersion": "http/2.0",
        "headers": pairs({":authority": "api.livestorm.co", "accept": "*/*"}),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    },
    "response": {
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "headers": [],
        "cookies": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "_error": "net::ERR_CONNECTION_RESET",
    },
    "startedDateTime": "2026-11-20T10:00:00.123Z",
    "time": 3.1,
}
FIREFOX = {
    "pageref": "page_1",
    "startedDateTime": "2026-11-20T11:00:00.123+01:00",
    "request": {
        "method": "POST",
        "url": f"{APP}/oauth/token",
        "httpVersion": "HTTP/2",
        "headers": pairs({"Content-Type": "application/x-www-form-urlencoded"}),
        "postData": {
            "mimeType": "application/x-www-form-urlencoded",
            "params": [{"name": "grant_type", "value": "refresh_token"}],
            "text": "grant_type=refresh_token&refresh_token=secret-1",
        },
    },
    "response": {
        "status": 503,
        "headers": pairs({"Content-Type": "text/html", "Retry-After": "30"}),
        "content": {
            "mimeType": "text/html",
            "encoding": "base64",
            "text": base64.b64encode(b"<h1>Down</h1>").decode(),
            "comment": "",
        },
    },
    "cache": {},
    "timings": {"wait": 3},
    "time": 3,
    "_securityState": "secure",
}


def scenario_of(*entries: object, creator: str = "WebInspector") -> Scenario:
    """Make a scenario of these entries."""
    made = scenario_from(archive(entries, creator), "made.toml")
    return read_scenario(made.text, "made.toml", None)


def faults_of(*entries: object) -> Sequence[dict[str, Any]]:
    """Give the faults of the scenario of these entries."""
    return scenario_of(*entries).faults


def test_chromium_s_broken_connections_are_faults() -> None:
    """Status 0 with the browser's word for it."""
    (fault,) = faults_of(CHROMIUM)
    assert (fault["on"], fault["fault"], fault["times"]) == ("api.me", "reset", 1)


def test_firefox_s_bodies_in_base64_are_read() -> None:
    """And the endpoint is found by what was posted."""
    (fault,) = faults_of(FIREFOX)
    assert (fault["on"], fault["fault"]) == ("token.refresh_token", "html_page")
    assert fault["status"] == 503


def test_lists_become_a_collection() -> None:
    """With the items, those that are null included, and what was filtered by."""
    (collection,) = scenario_of(LISTED).collections
    assert (collection.type, collection.path) == ("events", "/v1/events")
    assert (collection.operations, collection.filters) == (("list",), ("title",))
    assert [one["attributes"]["owner_id"] is None for one in collection.items] == [True, False]  # type: ignore[index]


def test_a_collection_says_where_it_comes_from_and_what_is_missing() -> None:
    """The entries of the recording, and that there were more items."""
    text = scenario_from(archive([CHROMIUM, LISTED]), "made.toml").text
    assert "# log.entries[1]\n# 2 of 12 items were seen\n" in text


def test_a_resource_says_how_often_it_answered_so() -> None:
    """Those that went wrong are told by their faults."""
    good, wrong = entry(body='{"data": {}}'), entry(status=429)
    text = scenario_from(archive([wrong, good, good, wrong]), "made.toml").text
    assert "# log.entries[1], one of 2\n" in text


def test_path_that_is_like_a_sandbox_s_further_on_stays() -> None:
    """A recording of the fake has that at the beginning."""
    plan = "/s/0123456789ab/plan"
    own = entry(url=f"http://127.0.0.1:8787/s/0123456789ab/v1{plan}", body="{}")
    for one in (entry(url=f"{API}/v1{plan}", body="{}"), own):
        (resource,) = scenario_of(one).resources
        assert resource.path == "/v1/s/id-1/plan"


def test_errors_strike_where_they_struck() -> None:
    """After as many requests that went well, as often in a row, with the headers that count."""
    limited = entry(status=429, headers={"Retry-After": "2", "RateLimit-Interval-Remaining": "0"})
    good = entry(body='{"data": {}}')
    other = entry(url=f"{API}/v1/ping")
    first, second = faults_of(good, other, limited, limited, other, good, limited)
    assert (first["after"], first["times"], first["fault"]) == (1, 2, "answer")
    assert first["headers"] == {"Retry-After": "2", "RateLimit-Interval-Remaining": "0"}
    assert (second["after"], second["times"]) == (2, 1)


def test_retry_after_as_a_date_stays_as_far_away() -> None:
    """A moment of then would be long ago."""
    headers = {
        "Date": "Fri, 20 Nov 2026 10:00:00 GMT",
        "Retry-After": "Fri, 20 Nov 2026 10:00:07 GMT",
    }
    (fault,) = faults_of(entry(status=429, headers=headers))
    assert (fault["retry_after"], fault["retry_after_form"]) == (7, "http_date")


@pytest.mark.parametrize(
    ("answers", "options"),
    [
        ([{"expires_in": 900}, {"expires_in": 900}], {"access_token_expires_in": 900}),
        ([{"refresh_token": "r0"}], {"rotation": "never"}),
        ([{"access_token": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}], {"token_format": "jwt"}),
        ([{"scope": "identity:read people:read"}], {"optional_scopes": "people:read"}),
    ],
    ids=["lifetime", "rotation", "format", "scope"],
)
def test_provider_is_what_was_seen(answers: list[dict[str, Any]], options: dict[str, Any]) -> None:
    """Lifetimes, rotation, the form of tokens and scopes are options."""
    entries = []
    for number, answer in enumerate(answers):
        pair = {"access_token": f"a{number}", "refresh_token": f"r{number + 1}", **answer}
        form = f"grant_type=refresh_token&refresh_token=r{number}"
        entries.append(entry("POST", f"{APP}/oauth/token", form=form, body=json.dumps(pair)))
    provider = scenario_of(*entries).provider
    for name, value in options.items():
        given = getattr(provider, name)
        assert value in given if isinstance(given, tuple) else value == given


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry(), {"request": 1}], "log.entries[1].request is 1; expected a table"),
        ([entry(status="x")], "log.entries[0].response.status is 'x'; expected an integer"),
        ([entry(status=999)], "log.entries[0].response.status is 999; expected a status, or 0"),
        ([{"request": entry()["request"]}], "log.entries[0].response is missing; expected"),
        ([entry(url="https://other.test/")], "log.entries is '1 to other hosts'; expected at"),
        ([entry(url="http://[")], "log.entries[0].request.url is '...'; expected a URL"),
        ([entry(startedDateTime="soon")], "log.entries[0].startedDateTime is 'soon'; expected"),
        ([], "log.entries is '0 to other hosts'; expected at least one request to app."),
    ],
)
def test_broken_entry_is_named(entries: list[object], told: str) -> None:
    """With its place in the archive."""
    with pytest.raises(InvalidInputError) as caught:
        scenario_from(archive(entries), "made.toml")
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"text": "?", "encoding": "base64"}, "content.text is '1 characters'; expected base64"),
        ({"text": "?", "encoding": "gzip"}, "content.encoding is 'gzip'; expected base64, or none"),
    ],
)
def test_body_that_can_t_be_read_is_named(content: dict[str, str], told: str) -> None:
    """As it stands in the archive."""
    broken = entry()
    broken["response"]["content"] = content
    with pytest.raises(InvalidInputError) as caught:
        scenario_from(archive([broken]), "made.toml")
    assert str(caught.value).startswith(f"log.entries[0].response.{told}")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"log": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_archive_is_refused(raw: bytes) -> None:
    """Whatever it is."""
    with pytest.raises(InvalidInputError):
        scenario_from(raw, "made.toml")


@pytest.mark.parametrize("depth", [300, 600, 900, 5_000])
def test_deep_body_is_read_or_refused(depth: int) -> None:
    """However deep it is."""
    deep = entry(url=f"{API}/v1/plan", body='{"a": [' * depth + "]}" * depth)
    with suppress(InvalidInputError):
        assert scenario_of(deep).resources


def test_huge_archive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read."""
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    with pytest.raises(InvalidInputError, match="10 at most"):
        scenario_from(archive([entry()]), "made.toml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    body=JSON.map(json.dumps) | st.text(max_size=20),
    method=st.sampled_from(["GET", "POST", "DELETE", "HEAD", "SPAM"]),
    path=st.sampled_from(["/v1/events", "/v1/me", "/oauth/token", "/v1/a.b/%00//", "/oauth/x"]),
    status=st.integers(0, 599),
    headers=st.dictionaries(
        st.sampled_from(["Content-Type", "Retry-After", "Location", "WWW-Authenticate", "Date"]),
        st.text(max_size=12),
    ),
)
def test_any_answer_makes_a_scenario_that_can_be_used(
    body: str, method: str, path: str, status: int, headers: dict[str, str]
) -> None:
    """Whatever was recorded of it."""
    host = APP if path.startswith("/oauth") else API
    strange = entry(method, f"{host}{path}", status=status, headers=headers, body=body)
    scenario_of(strange, entry(), strange)


def test_command_writes_a_scenario_and_says_what_it_replaced(tmp_path: Path) -> None:
    """On standard output or into a file; counts, and no value, on standard error."""
    file, output = tmp_path / "incident.har", tmp_path / "incident.toml"
    file.write_bytes(archive([LISTED, entry(url="https://other.test/")]))
    printed = CliRunner().invoke(commands, ["scenarios", "from-har", str(file)])
    assert printed.exit_code == 0
    assert "[[collections]]" in printed.stdout
    assert "  text: 2 values in 2 places\n" in printed.stderr
    assert "1 to other hosts;" in printed.stderr
    CliRunner().invoke(commands, ["scenarios", "from-har", str(file), "--output", str(output)])
    assert output.read_text(encoding="utf-8") == printed.stdout
    validated = CliRunner().invoke(commands, ["scenarios", "validate", str(output)])
    assert validated.output == f"{output}: ok\n"


def test_command_names_the_file_that_is_none(tmp_path: Path) -> None:
    """And leaves what is there as it is."""
    file, output = tmp_path / "incident.har", tmp_path / "incident.toml"
    file.write_bytes(b"{}")
    output.write_text("mine")
    arguments = ["scenarios", "from-har", str(file), "--output", str(output)]
    result = CliRunner().invoke(commands, arguments)
    assert f"{file}: log is missing; expected an HTTP archive" in result.output
    assert output.read_text() == "mine"
