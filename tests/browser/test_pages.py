"""A person goes through the pages of the fake, as it is served from the command line."""

from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm, ProviderOptions, Scenario
from livestorm_mock_server.scenario import ApplicationEntry, OrganizationEntry, UserEntry

from .axe import violations
from .browser import Browser
from .page import Page, Scheme
from .two_users import SCOPES, TWO_USERS

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
TURNED = (
    "[...document.querySelectorAll('[data-livestorm-mock]')].some("
    "(one) => /[\\u202a-\\u202e\\u2066-\\u2069]/.test(one.textContent))"
)
"""Whether anything that the fake adds has a character that turns the direction of text."""
HOSTILE = (
    "<script>window.struck = 1</script>",
    "<img src=x onerror=window.struck=1>",
    '"><svg onload=window.struck=1>',
    "' onfocus=window.struck=1 autofocus x='",
    "javascript:window.struck=1",
    "</title><script>window.struck = 1</script>",
    "</style><script>window.struck = 1</script>",
    "</option></select><script>window.struck = 1</script>",
    "--><script>window.struck = 1</script>",
    "{{ 7 * 7 }}{% raw %}",
    "${window.struck = 1}",
    "&lt;script&gt;&#x3c;&amp;",
    "\u202egnirts desrever\u2066",
    "\x1b[31mred\x07",
    "a\u0301\u0302\u0303" * 40,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "wide" * 500,
    "line\none\r\ntwo\u2028three",
    "'; DROP TABLE users; --",
    "<base href=//evil.example/><meta http-equiv=refresh content=0;url=//evil.example/>",
)


@pytest.fixture(scope="module")
def server() -> Iterator[MockLivestorm]:
    """A server with two users, which registers its own page."""
    with MockLivestorm(scenario=TWO_USERS) as livestorm:
        yield livestorm


def ask(livestorm: LivestormSandbox, **others: str) -> str:
    """Give the URL of a client that ends at the fake's own page."""
    asked = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": f"{livestorm.app_url}/_pages/callback",
        "scope": SCOPES,
        "state": "a-state",
    }
    return f"{livestorm.app_url}/oauth/authorize?{urlencode(asked | others)}"


def connected(livestorm: LivestormSandbox, page: Page) -> tuple[str, str]:
    """Exchange the code that the callback shows; give the scope and who is connected."""
    code = page.evaluate("document.querySelector('dd code').innerText")
    data = {
        "grant_type": "authorization_code",
        "client_id": livestorm.client_id,
        "client_secret": livestorm.client_secret,
        "code": code,
        "redirect_uri": f"{livestorm.app_url}/_pages/callback",
    }
    told = httpx.post(f"{livestorm.app_url}/oauth/token", data=data).json()
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    me = httpx.get(f"{livestorm.api_url}/me", headers=headers).json()
    return told["scope"], me["data"]["attributes"]["first_name"]


def press(page: Page, name: str) -> None:
    """Go by the keyboard to a button, press it, and wait for what comes."""
    page.tab_to(name)
    page.press("Enter")
    page.wait_until_loaded()


def test_keyboard_alone_switches_the_user_and_grants_less(
    server: MockLivestorm, page: Page
) -> None:
    """Choose who signs in, unfold the choice, leave one scope out, and end at the callback."""
    page.open(ask(server))
    page.tab_to("Another user")
    page.press("ArrowDown")
    press(page, "Switch user")
    assert "Signed in as Grace Dupont" in page.text()
    page.tab_to("Grant less")
    page.press("Enter")
    page.tab_to("events:write")
    page.press("Space")
    press(page, "Authorize these only")
    assert "The code has arrived" in page.text()
    assert connected(server, page) == ("identity:read webhooks:read", "Grace")
    assert page.console_errors() == []


def test_sign_out_asks_who_comes_next(server: MockLivestorm, page: Page) -> None:
    """The user who signs in then is the one who is connected; the request is as it was."""
    page.open(ask(server, state="kept as it is & was"))
    press(page, "Sign out")
    assert "Choose who you are" in page.text()
    page.tab_to("User")
    page.press("ArrowDown")
    press(page, "Sign in")
    page.click("input[value=Authorize]")
    page.wait_until_loaded()
    assert "kept as it is & was" in page.text()
    assert connected(server, page) == (SCOPES, "Grace")


def test_nothing_is_not_granted(server: MockLivestorm, page: Page) -> None:
    """Who takes all away is asked again, and may still deny, which the callback shows."""
    page.open(ask(server, scope="identity:read events:read"))
    page.tab_to("Grant less")
    page.press("Enter")
    for scope in ("identity:read", "events:read"):
        page.tab_to(scope)
        page.press("Space")
    press(page, "Authorize these only")
    assert "Nothing was chosen" in page.text()
    page.click("input[value=Deny]")
    page.wait_until_loaded()
    assert "access_denied" in page.text()


def show_consent(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the consent page, with all of it unfolded."""
    page.open(ask(livestorm))
    page.evaluate("document.querySelector('details').open = true")


def show_sign_in(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the page of who has signed out."""
    page.open(ask(livestorm))
    press(page, "Sign out")


def show_error(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the page of a request that no client is told of; it is sent with a status of 200."""
    page.open(ask(livestorm, redirect_uri="javascript:alert(1)"))


def show_native(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the page that shows a code."""
    page.open(f"{livestorm.app_url}/oauth/authorize/native?code=a-code")


def show_callback(livestorm: LivestormSandbox, page: Page) -> None:
    """End at the callback."""
    page.open(ask(livestorm))
    page.click("input[value=Authorize]")
    page.wait_until_loaded()


def show_home(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the origin."""
    page.open(livestorm.app_url)


def show_applications(livestorm: LivestormSandbox, page: Page) -> None:
    """Open the list of who has a token."""
    livestorm.issue_tokens()
    page.open(f"{livestorm.app_url}/oauth/authorized_applications")


SHOWN = (
    show_consent,
    show_sign_in,
    show_error,
    show_native,
    show_callback,
    show_home,
    show_applications,
)


@pytest.mark.parametrize(("size", "scheme"), [((1100, 800), "light"), ((320, 640), "dark")])
@pytest.mark.parametrize("show", SHOWN)
def test_pages_are_for_everybody(
    browser: Browser,
    size: tuple[int, int],
    scheme: Scheme,
    show: Callable[[LivestormSandbox, Page], None],
) -> None:
    """Axe finds nothing, nothing is wider than a phone, and each page says that it is a fake."""
    with (
        MockLivestorm(rate_limits=False, any_redirect_uri=True) as livestorm,
        Page(browser, size=size, scheme=scheme) as page,
    ):
        show(livestorm, page)
        assert "This is a fake, not Livestorm." in page.text()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert violations(page) == []


@pytest.fixture(scope="module")
def hostile() -> Iterator[MockLivestorm]:
    """A server with a hostile text in each field that has a text."""
    scenario = Scenario(
        provider=ProviderOptions(rate_limits=False, any_redirect_uri=True),
        organizations=tuple(OrganizationEntry(name=f"{one} ") for one in HOSTILE),
        users=tuple(
            UserEntry(email=f"{one}@x", first_name=one, last_name=one, organization=f"{one} ")
            for one in HOSTILE
        ),
        applications=tuple(
            ApplicationEntry(
                name=one,
                client_id=client_id_of(one),
                client_secret=one,
                redirect_uris=("https://client.example.test/callback",),
            )
            for one in HOSTILE
        ),
    )
    with MockLivestorm(scenario=scenario) as livestorm:
        yield livestorm


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page without cookies on the smallest phone."""
    with Page(browser, size=(320, 640)) as page:
        yield page


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_a_text(hostile: MockLivestorm, phone: Page, text: str) -> None:
    """No script runs, the console has no error, and the page is still the one that it was."""
    url = f"{hostile.app_url}/_pages/callback"
    redirect_uri = f"{url}?{quote(text[:300])}"
    phone.open(ask(hostile, client_id=client_id_of(text), state=text, redirect_uri=redirect_uri))
    assert phone.evaluate("document.forms.length") == 5
    assert phone.evaluate(TURNED) is False
    assert_unharmed(phone)
    phone.click("input[value=Authorize]")
    phone.wait_until_loaded()
    assert "The code has arrived" in phone.text()
    assert_unharmed(phone)
    phone.open(f"{url}?{urlencode({'error': text, text: text, f'{text}[]': text})}")
    assert_unharmed(phone)
    phone.open(f"{hostile.app_url}/oauth/authorize/native?{urlencode({'code': text})}")
    assert_unharmed(phone)


def client_id_of(text: str) -> str:
    """Give a client id that a form brings back as it is, which lines are not."""
    return "#" + " ".join(text.splitlines())


def assert_unharmed(page: Page) -> None:
    """Check that no script has run, that all fits, and that the console has no error."""
    assert page.evaluate("'struck' in window") is False
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.console_errors() == []
