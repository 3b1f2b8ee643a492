"""A real browser and its user get through the provider's pages."""

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .callback_server import CallbackServer
from .page import Page

STATE = "a-state-of-32-random-characters.."
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
AUTHORIZE = "input[value=Authorize]"
DENY = "input[value=Deny]"

each_release = pytest.mark.parametrize(
    "release",
    [pytest.param(one, marks=pytest.mark.livestorm(release=one)) for one in ("5.5", "5.9", "6.0")],
)


def authorization_url(livestorm: LivestormSandbox, redirect_uri: str, **others: str) -> str:
    """Build the URL that a client sends the browser to."""
    parameters = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": redirect_uri,
        "scope": "identity:read events:read",
        "state": STATE,
    }
    return str(httpx.URL(f"{livestorm.app_url}/oauth/authorize", params=parameters | others))


def exchange(livestorm: LivestormSandbox, code: str, redirect_uri: str) -> httpx.Response:
    """Exchange a code as the client would."""
    data = {
        "grant_type": "authorization_code",
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "code": code,
        "redirect_uri": redirect_uri,
    }
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=data)


@each_release
def test_authorize_button_brings_code_and_state_to_the_redirect_uri(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer, release: str
) -> None:
    """A click on Authorize sends the browser back with a code and the client's own state."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(AUTHORIZE)
    method, parameters = callback.receive()
    assert (method, sorted(parameters)) == ("GET", ["code", "state"])
    assert parameters["state"] == STATE


@each_release
def test_code_of_the_authorize_button_is_good_for_tokens(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer, release: str
) -> None:
    """The code that the browser brought is exchanged, though nobody registered the port."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(AUTHORIZE)
    code = callback.receive().parameters["code"]
    assert exchange(livestorm, code, callback.redirect_uri).status_code == 200


@each_release
def test_deny_button_brings_access_denied_to_the_redirect_uri(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer, release: str
) -> None:
    """A click on Deny sends the browser back with `access_denied`, the state, and no code."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(DENY)
    parameters = callback.receive().parameters
    assert (parameters["error"], parameters["state"]) == ("access_denied", STATE)
    assert "code" not in parameters


def test_first_tab_and_enter_authorize(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """The first stop of the keyboard is Authorize, and Enter presses it."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.press("Tab")
    assert page.focused() == "Authorize"
    page.press("Enter")
    assert "code" in callback.receive().parameters


def test_second_tab_and_enter_deny(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """The second stop of the keyboard is Deny, and Enter presses it."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.press("Tab")
    page.press("Tab")
    assert page.focused() == "Deny"
    page.press("Enter")
    assert callback.receive().parameters["error"] == "access_denied"


def test_focused_button_is_outlined(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """Who uses the keyboard sees where it is."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_consent_page_names_application_and_scopes(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """The user reads who asks, and what for."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    text = page.text()
    assert "Example Integration" in text
    assert "identity:read" in text
    assert "events:read" in text


def test_consent_page_leaves_the_console_clean(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """Neither the page nor what follows a click on Authorize writes an error."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(AUTHORIZE)
    callback.receive()
    page.wait_until_loaded()
    assert page.console_errors() == []


def test_consent_page_brings_its_icon(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """No browser has to ask for `/favicon.ico`: a 404 in its console and in a journal."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    assert page.evaluate("document.querySelectorAll('link[rel=icon]').length") == 1


def test_reload_keeps_the_buttons_working(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """The page can be loaded twice in one session, as impatient users do."""
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.open(authorization_url(livestorm, callback.redirect_uri))
    page.click(AUTHORIZE)
    assert "code" in callback.receive().parameters


def test_form_post_page_posts_the_code_by_itself(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """With `response_mode=form_post`, the browser posts code and state to the redirect URI."""
    page.open(authorization_url(livestorm, callback.redirect_uri, response_mode="form_post"))
    page.click(AUTHORIZE)
    method, parameters = callback.receive(seconds=3)
    assert (method, parameters["state"]) == ("POST", STATE)
    assert exchange(livestorm, parameters["code"], callback.redirect_uri).status_code == 200


@each_release
def test_native_page_shows_a_code_that_is_good_for_tokens(
    livestorm: LivestormSandbox, page: Page, release: str
) -> None:
    """With the out-of-band redirect URI, the user reads a code, and the client redeems it."""
    page.open(authorization_url(livestorm, OUT_OF_BAND))
    page.click(AUTHORIZE)
    page.wait_until_loaded()
    code = page.evaluate("document.getElementById('authorization_code').innerText")
    assert code in page.text()
    assert exchange(livestorm, code, OUT_OF_BAND).status_code == 200


def test_unknown_client_ends_on_an_error_page(
    livestorm: LivestormSandbox, page: Page, callback: CallbackServer
) -> None:
    """The browser stays at the provider, on a page that says why and has no button."""
    page.open(authorization_url(livestorm, callback.redirect_uri, client_id="nobody"))
    assert "Client authentication failed due to unknown client" in page.text()
    assert page.evaluate("location.origin") == str(httpx.URL(livestorm.app_url, path="/"))[:-1]
    assert page.evaluate("document.querySelectorAll('form').length") == 0
