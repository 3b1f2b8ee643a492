"""A real browser and its user get through the consent page behind a proxy with TLS."""

from collections.abc import Iterator

import httpx
import pytest
from livestorm_mock_server import MockLivestorm

from .browser import Browser
from .callback_server import CallbackServer
from .page import Page
from .tls_terminator import TLSTerminator

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without cookies that believes each certificate."""
    with Page(browser, checks_certificates=False) as page:
        yield page


def ask(page: Page, base: str, livestorm: MockLivestorm, redirect_uri: str) -> None:
    """Open the consent page at a base URL."""
    parameters = {
        "response_type": "code",
        "client_id": livestorm.client_id,
        "redirect_uri": redirect_uri,
    }
    page.open(str(httpx.URL(f"{base}/oauth/authorize", params=parameters)))


@pytest.mark.parametrize("button", ["Authorize", "Deny"])
def test_user_decides_behind_a_proxy_that_tells_the_scheme(
    page: Page, callback: CallbackServer, button: str
) -> None:
    """With `X-Forwarded-Proto`, both buttons of the page work."""
    with MockLivestorm() as livestorm, TLSTerminator({"X-Forwarded-Proto": "https"}) as proxy:
        proxy.port = livestorm.port
        ask(page, proxy.url, livestorm, callback.redirect_uri)
        page.click(f"input[value={button}]")
        assert ("code" if button == "Authorize" else "error") in callback.receive().parameters


def test_native_page_is_behind_the_proxy(page: Page) -> None:
    """What the provider redirects to within itself is reached through the proxy."""
    with MockLivestorm() as livestorm, TLSTerminator({"X-Forwarded-Proto": "https"}) as proxy:
        proxy.port = livestorm.port
        ask(page, proxy.url, livestorm, OUT_OF_BAND)
        page.click("input[value=Authorize]")
        page.wait_until_loaded()
        assert page.evaluate("location.origin") == proxy.url
        assert page.evaluate("document.getElementById('authorization_code').innerText")


def test_user_decides_behind_a_proxy_that_tells_nothing(
    page: Page, callback: CallbackServer
) -> None:
    """Without that header, the public URL is what lets the user decide."""
    with TLSTerminator({}) as proxy, MockLivestorm(public_url=proxy.url) as livestorm:
        proxy.port = livestorm.port
        ask(page, livestorm.app_url, livestorm, callback.redirect_uri)
        page.click("input[value=Authorize]")
        assert "code" in callback.receive().parameters
