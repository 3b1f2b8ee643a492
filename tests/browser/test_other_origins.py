"""What a browser lets a page of another origin see of the provider, and do with its own pages."""

import json
from typing import Any

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .callback_server import CallbackServer
from .page import Page
from .test_consent_page import AUTHORIZE, authorization_url

FORM = "application/x-www-form-urlencoded"
FORM_ACTION = [
    {"on": "authorize", "headers": {"Content-Security-Policy": "form-action 'self'"}},
]


@pytest.fixture
def foreign_page(page: Page, callback: CallbackServer) -> Page:
    """A page of an origin that is not the provider's: another port."""
    page.open(callback.redirect_uri)
    return page


def fetch(page: Page, url: str, **options: object) -> Any:
    """Fetch in the page; give the status and the body as its script sees them, or the error."""
    script = (
        f"fetch({json.dumps(url)}, {json.dumps(options)})"
        ".then(async answer => [answer.status, await answer.json()])"
        ".catch(error => error.name)"
    )
    return page.evaluate(script)


def refresh(livestorm: LivestormSandbox, page: Page, **members: str) -> Any:
    """Refresh in the page, by a simple request: a form without further headers."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": str(livestorm.issue_tokens()["refresh_token"]),
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
    }
    body = str(httpx.QueryParams(form | members))
    url = f"{livestorm.app_url}/oauth/token"
    return fetch(page, url, method="POST", headers={"Content-Type": FORM}, body=body)


def call(livestorm: LivestormSandbox, page: Page) -> Any:
    """Call the API in the page; the header makes the browser ask before."""
    token = livestorm.issue_tokens()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return fetch(page, f"{livestorm.api_url}/me", headers=headers)


def statuses(livestorm: LivestormSandbox, endpoint: str) -> list[int]:
    """Give the statuses that an endpoint has answered with."""
    answers = [entry.response for entry in livestorm.journal.entries(endpoint=endpoint)]
    return [answer.status for answer in answers if answer]


def test_page_of_another_origin_can_not_read_tokens(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """Without CORS the tokens are issued, and the script gets an error."""
    assert refresh(livestorm, foreign_page) == "TypeError"
    assert statuses(livestorm, "token") == [200]


def test_page_of_another_origin_can_not_call_the_api(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """Without CORS the preflight fails, and no request follows."""
    assert call(livestorm, foreign_page) == "TypeError"
    assert livestorm.journal.entries(endpoint="api") == []


@pytest.mark.livestorm(cors="token_and_api")
def test_page_of_any_origin_can_read_tokens(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """With CORS the script has the pair."""
    status, body = refresh(livestorm, foreign_page)
    assert (status, body["token_type"]) == (200, "Bearer")


@pytest.mark.livestorm(cors="token")
def test_page_of_any_origin_can_read_why_it_was_refused(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """An error can be read as well as a success."""
    status, body = refresh(livestorm, foreign_page, refresh_token="nope")
    assert (status, body["error"]) == (400, "invalid_grant")


@pytest.mark.livestorm(cors="token_and_api")
def test_page_of_any_origin_can_call_the_api(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """The preflight is granted, for the header too."""
    status, body = call(livestorm, foreign_page)
    assert (status, body["data"]["type"]) == (200, "users")


def test_page_of_a_listed_origin_can_read_tokens(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """A list lets in the pages that it names."""
    origin = str(httpx.URL(callback.redirect_uri, path="/"))[:-1]
    page.open(callback.redirect_uri)
    with livestorm.sandbox(cors="token", cors_origins=[origin]) as listed:
        assert refresh(listed, page)[0] == 200


@pytest.mark.livestorm(cors="token", cors_origins=["https://spa.example.test"])
def test_page_of_an_origin_that_is_not_listed_can_not_read_tokens(
    livestorm: LivestormSandbox, foreign_page: Page
) -> None:
    """And it keeps out the others."""
    assert refresh(livestorm, foreign_page) == "TypeError"


@pytest.mark.livestorm(extra_headers=FORM_ACTION)
def test_policy_of_the_consent_page_can_stop_the_redirect(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """Under `form-action 'self'` the code is issued, and the browser does not bring it."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(AUTHORIZE)
    page.wait_for_console_error("form-action")
    assert statuses(livestorm, "authorize") == [200, 302]
    assert callback.is_untouched
