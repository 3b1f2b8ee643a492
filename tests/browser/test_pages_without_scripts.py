"""A person goes through the pages of the fake in a browser that runs no scripts."""

from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import MockLivestorm

from .browser import Browser
from .callback_server import CallbackServer
from .page import Page
from .two_users import SCOPES, TWO_USERS


@pytest.fixture
def server() -> Iterator[MockLivestorm]:
    """A server with two users, who have granted nothing yet."""
    with MockLivestorm(scenario=TWO_USERS) as livestorm:
        yield livestorm


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without cookies that runs no scripts."""
    with Page(browser, runs_scripts=False) as page:
        yield page


def open_consent(page: Page, server: MockLivestorm, callback: CallbackServer) -> None:
    """Send the browser to the provider, as a client does."""
    asked = {
        "response_type": "code",
        "client_id": server.client_id,
        "redirect_uri": callback.redirect_uri,
        "scope": SCOPES,
        "state": "a-state",
    }
    page.open(str(httpx.URL(f"{server.app_url}/oauth/authorize", params=asked)))


def connected(server: MockLivestorm, callback: CallbackServer) -> tuple[str, str]:
    """Exchange the code that the browser brings; give the scope and who is connected."""
    data = {
        "grant_type": "authorization_code",
        "client_id": server.client_id,
        "client_secret": server.client_secret,
        "code": callback.receive().parameters["code"],
        "redirect_uri": callback.redirect_uri,
    }
    told = httpx.post(f"{server.app_url}/oauth/token", data=data).json()
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    me = httpx.get(f"{server.api_url}/me", headers=headers).json()
    return told["scope"], me["data"]["attributes"]["first_name"]


def press(page: Page, name: str) -> None:
    """Press a button of this name, and wait for what comes."""
    page.click(page.tab.get_by_role("button", name=name, exact=True))
    page.wait_until_loaded()


def test_authorize_grants_without_a_script(
    server: MockLivestorm, page: Page, callback: CallbackServer
) -> None:
    """All that was asked for, of the first user."""
    open_consent(page, server, callback)
    press(page, "Authorize")
    assert connected(server, callback) == (SCOPES, "Ada")


def test_deny_refuses_without_a_script(
    server: MockLivestorm, page: Page, callback: CallbackServer
) -> None:
    """The client is told so, with its state, and gets no code."""
    open_consent(page, server, callback)
    press(page, "Deny")
    parameters = callback.receive().parameters
    assert (parameters["error"], parameters["state"]) == ("access_denied", "a-state")
    assert "code" not in parameters


def test_less_is_granted_without_a_script(
    server: MockLivestorm, page: Page, callback: CallbackServer
) -> None:
    """The choice unfolds by itself, and what is left out of it is not granted."""
    open_consent(page, server, callback)
    page.click("summary")
    page.click(page.tab.get_by_label("events:write"))
    press(page, "Authorize these only")
    assert connected(server, callback) == ("identity:read webhooks:read", "Ada")


def test_user_is_switched_without_a_script(
    server: MockLivestorm, page: Page, callback: CallbackServer
) -> None:
    """Who is chosen is signed in, and connected."""
    open_consent(page, server, callback)
    choose_grace(page, "Another user")
    press(page, "Switch user")
    assert "Signed in as Grace Dupont" in page.text()
    press(page, "Authorize")
    assert connected(server, callback) == (SCOPES, "Grace")


def test_user_signs_in_without_a_script(
    server: MockLivestorm, page: Page, callback: CallbackServer
) -> None:
    """After a sign-out the page asks who comes next, and goes on with the request."""
    open_consent(page, server, callback)
    press(page, "Sign out")
    assert "Choose who you are" in page.text()
    choose_grace(page, "User")
    press(page, "Sign in")
    press(page, "Authorize")
    assert connected(server, callback) == (SCOPES, "Grace")


def choose_grace(page: Page, label: str) -> None:
    """Choose the second user."""
    page.run(page.tab.get_by_label(label, exact=True).select_option(index=1))
