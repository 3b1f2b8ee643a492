"""Who is signed in, in a browser that has chosen."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

SESSION = "/_pages/session"
two_users = pytest.mark.livestorm(scenario="two_users")


def asked(livestorm: LivestormSandbox) -> dict[str, str]:
    """Give an authorization request."""
    return {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": livestorm.redirect_uri,
        "state": "a & b\u00e9",
    }


def token_of_form(page: str, action: str) -> str:
    """Give the token of the first form with an action."""
    found = re.search(rf'action="{action}".*?name="authenticity_token" value="([^"]+)"', page, re.S)
    assert found is not None
    return found[1]


def choose(livestorm: LivestormSandbox, http: httpx.Client, user: str) -> httpx.Response:
    """Open the consent page, and send its form with a user."""
    page = http.get(f"{livestorm.app_url}/oauth/authorize", params=asked(livestorm)).text
    action = f"{urlsplit(livestorm.app_url).path}{SESSION}"
    data = {
        "authenticity_token": token_of_form(page, action),
        "query": urlencode(asked(livestorm)),
        "user": user,
    }
    return http.post(f"{livestorm.app_url}{SESSION}", data=data)


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """A client with cookies of its own."""
    with httpx.Client(trust_env=False, timeout=15) as client:
        yield client


@two_users
@pytest.mark.parametrize(
    ("user", "words"), [("2", "Signed in as <strong>Grace"), ("0", "Choose who you are")]
)
def test_choice_leads_back_to_the_same_request(
    livestorm: LivestormSandbox, browser: httpx.Client, user: str, words: str
) -> None:
    """The browser asks as before, as somebody else or as nobody."""
    answer = choose(livestorm, browser, user)
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {name: [value] for name, value in asked(livestorm).items()}
    assert answer.next_request is not None
    assert words in browser.send(answer.next_request).text


@two_users
@pytest.mark.parametrize("user", ["3", "-1", "", "a"])
def test_user_whom_the_scenario_has_not_is_refused(
    livestorm: LivestormSandbox, browser: httpx.Client, user: str
) -> None:
    """As Rails refuses what no form of its own sends."""
    assert choose(livestorm, browser, user).status_code == 422


def test_other_pages_choose_nobody(livestorm: LivestormSandbox, browser: httpx.Client) -> None:
    """Without the token of the form, nothing is chosen."""
    answer = browser.post(f"{livestorm.app_url}{SESSION}", data={"user": "0", "query": ""})
    assert answer.status_code == 422


def test_choice_is_of_one_browser(
    livestorm: LivestormSandbox, browser: httpx.Client, http: httpx.Client
) -> None:
    """Others, and short cuts, are signed in as ever."""
    choose(livestorm, browser, "0")
    page = http.get(f"{livestorm.app_url}/oauth/authorize", params=asked(livestorm)).text
    assert "Signed in as <strong>Ada" in page
    assert "code=" in livestorm.authorize()


def test_grant_of_less_is_told_in_the_journal(
    livestorm: LivestormSandbox, browser: httpx.Client
) -> None:
    """Only what was asked for can be granted, and the reason says that it is less."""
    url = f"{livestorm.app_url}/oauth/authorize"
    scope = "identity:read events:read"
    page = browser.get(url, params=asked(livestorm) | {"scope": scope}).text
    data = asked(livestorm) | {
        "scope": scope,
        "authenticity_token": token_of_form(page, urlsplit(url).path),
        "livestorm_mock_scopes[]": ["", "events:read", "admin:write"],
    }
    assert browser.post(url, data=data).status_code == 302
    *_, last = livestorm.journal.entries()
    assert last.exchange.reason == "the user granted less: events:read of identity:read events:read"
