"""The documentation's site in a real browser."""

import pytest

from ..pages.site.build import SITE, build
from .axe import violations
from .browser import Browser
from .page import Page, Scheme

PHONE = (360, 740)
PAGES: list[tuple[str, Scheme]] = [
    ("index.html", "light"),
    ("docs/faults.html", "dark"),
    ("docs/tutorial.html", "light"),
    ("search.html", "dark"),
]


@pytest.fixture(scope="module")
def site() -> str:
    """The address of the site, in files."""
    assert build() == ""
    return SITE.as_uri()


@pytest.mark.parametrize(("path", "scheme"), PAGES)
def test_axe_finds_nothing(browser: Browser, site: str, path: str, scheme: Scheme) -> None:
    """Nor is a page wider than a phone."""
    with Page(browser, size=PHONE, scheme=scheme) as page:
        page.open(f"{site}/{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_search_finds_without_a_network(page: Page, site: str) -> None:
    """The index lies beside the pages."""
    page.open(f"{site}/search.html?q=rate_limited")
    page.wait_until("document.querySelector('#search-results li a')")
    links = "[...document.querySelectorAll('#search-results li a')].map((link) => link.href)"
    assert any("docs/faults.html" in one for one in page.evaluate(links))
