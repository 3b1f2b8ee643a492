"""Where the browser ends whose client has no callback of its own."""

import html
import re
import shlex
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.pages.links import curl

from ..conftest import Start
from ..wire import exchange, frame

CALLBACK = "/_pages/callback"


def callback_with_code(described: dict[str, Any], http: httpx.Client, **others: str) -> str:
    """Have a user approve, as `POST /_mock/authorize` does; give where the browser is sent."""
    answer = http.post(f"{described['control_url']}/authorize", json=others)
    return str(answer.json()["location"])


def command_on(page: str) -> list[str]:
    """Give the words of the command that a page shows."""
    found = re.search(r"(curl -i [^<]*/oauth/token[^<]*)<", page)
    assert found is not None
    return shlex.split(html.unescape(found[1]))


def fields_of(command: list[str]) -> dict[str, str]:
    """Give the form that a command posts."""
    pairs = pairwise(command)
    return dict(
        pair.split("=", 1) for option, pair in pairs if option in ("-d", "--data-urlencode")
    )


def test_link_of_the_banner_works_to_the_end(start: Start, http: httpx.Client) -> None:
    """The link leads to a code, and the command that the callback shows gets tokens for it."""
    served = start("--auto-approve")
    line = served.line()
    while "/oauth/authorize?" not in line:
        line = served.line()
    _, link, *_ = shlex.split(line)
    answer = http.get(link, follow_redirects=True)
    assert answer.url.path == CALLBACK
    command = command_on(answer.text)
    tokens = http.post(command[2], data=fields_of(command))
    assert (tokens.status_code, tokens.json()["token_type"]) == (200, "Bearer")


def test_sandboxes_of_serve_end_at_their_own_page(start: Start, http: httpx.Client) -> None:
    """The default redirect URI is the page behind the prefix; the others stay registered."""
    described = start("--json").describes_itself()
    sandbox = http.post(f"{described['control_url']}/sandboxes", json={}).json()
    for one in (described, sandbox):
        first, second, *_ = one["redirect_uris"]
        assert first == f"{one['app_url']}{CALLBACK}"
        assert second == "https://client.example.test/callback"
    page = http.get(callback_with_code(sandbox, http)).text
    assert fields_of(command_on(page))["client_id"] == sandbox["client_id"]


def test_redirect_uri_of_the_client_is_the_only_one(start: Start) -> None:
    """Who says how the client is registered has no page of the fake's beside it."""
    described = start("--json", "--redirect-uri", "https://mine.test/cb").describes_itself()
    assert described["redirect_uris"] == ["https://mine.test/cb"]


@pytest.mark.parametrize("arguments", [["--control-token", "wanted"], ["--no-control"]])
def test_page_tells_no_secret_to_whom_the_control_api_tells_nothing(
    start: Start, http: httpx.Client, arguments: list[str]
) -> None:
    """The command has a placeholder where others may see the page."""
    described = start("--json", "--auto-approve", *arguments).describes_itself()
    asked = {
        "response_type": "code",
        "client_id": described["client_id"],
        "redirect_uri": described["redirect_uris"][0],
    }
    page = http.get(
        f"{described['app_url']}/oauth/authorize", params=asked, follow_redirects=True
    ).text
    assert described["client_secret"] not in page
    # In double quotes, so that a shell puts the value in.
    assert '"client_secret=$LIVESTORM_CLIENT_SECRET"' in unescape(page)
    assert ("control room" in page) == ("--no-control" not in arguments)


def test_name_that_leads_here_learns_no_secret(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """A page whose name is made to lead here reads what anybody may."""
    code = livestorm.authorize().partition("code=")[2].partition("&")[0]
    url = f"{livestorm.app_url}{CALLBACK}?code={code}"
    assert livestorm.client_secret in http.get(url).text
    assert livestorm.client_secret not in http.get(url, headers={"Host": "evil.example"}).text


def test_code_of_a_public_client_with_pkce_is_asked_for_its_verifier(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """There is no secret to send, and the verifier only the client knows."""
    location = livestorm.authorize(
        client_id=livestorm.public_client_id or "",
        code_challenge="x" * 43,
        code_challenge_method="plain",
    )
    query = location.partition("?")[2]
    page = http.get(f"{livestorm.app_url}{CALLBACK}?{query}").text
    assert "client_secret" not in fields_of(command_on(page))
    assert '"code_verifier=$CODE_VERIFIER"' in unescape(page)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Nothing has arrived"),
        ("error=access_denied&state=s", "The answer has arrived"),
        ("code=nobodys", "has not issued this code"),
    ],
)
def test_callback_says_what_came(
    livestorm: LivestormSandbox, http: httpx.Client, query: str, words: str
) -> None:
    """Also where there is nothing to go on with."""
    page = http.get(f"{livestorm.app_url}{CALLBACK}?{query}")
    assert (page.status_code, words in page.text) == (200, True)


def test_code_that_is_over_is_told_so(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """Whoever comes late knows what the exchange will be answered."""
    query = livestorm.authorize().partition("?")[2]
    livestorm.clock.advance(601)
    assert "600 seconds are over" in http.get(f"{livestorm.app_url}{CALLBACK}?{query}").text


@pytest.fixture(scope="module")
def server() -> Any:
    """A server for what is drawn."""
    with MockLivestorm() as livestorm:
        yield livestorm


@settings(max_examples=40)
@given(st.text(st.characters(max_codepoint=127), max_size=300))
def test_callback_answers_whatever_comes(server: MockLivestorm, query: str) -> None:
    """Nothing is refused, and what came is text on the page."""
    target = f"{CALLBACK}?{quote(query, safe='%&=+;[]')}"
    answer = exchange(server.app_url, frame("GET", target))
    assert answer.status == 200


def test_pages_are_in_no_journal(livestorm: LivestormSandbox, http: httpx.Client) -> None:
    """They are for the person who tests, and no part of what a client does."""
    http.get(f"{livestorm.app_url}{CALLBACK}?code=x")
    http.post(f"{livestorm.app_url}{CALLBACK}", data={"code": "x"})
    assert http.get(f"{livestorm.app_url}/_pages/nothing").status_code == 404
    assert livestorm.journal.entries() == []


@given(st.text())
def test_command_posts_the_values_as_they_are(value: str) -> None:
    """Whatever a shell would make of them."""
    command = curl("http://127.0.0.1/oauth/token", [("a", value)])
    assert fields_of(shlex.split(command.replace(" \\\n", " ", 1))) == {"a": value}


def test_link_that_is_shown_first_offends_in_nothing_but_pkce(
    start: Start, http: httpx.Client
) -> None:
    """Whoever follows it finds no mistake of the fake's own in the audit."""
    described = start("--json", "--auto-approve").describes_itself()
    page = http.get(described["app_url"], headers={"Sec-Fetch-Dest": "document"}).text
    links = re.findall(r'href="([^"]+/oauth/authorize[^"]+)"', page)
    http.get(unescape(links[0]), follow_redirects=True)
    findings = http.get(f"{described['control_url']}/audit").json()["findings"]
    assert [one["rule"] for one in findings] == ["missing_pkce"]
