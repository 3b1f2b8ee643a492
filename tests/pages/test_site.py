"""The documentation as a site."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from .site.build import SITE, build
from .site.navigation import FURTHER, HOME, MAP, ROOT, pages, sections

_LINK = re.compile(r'<(?P<tag>\w+)[^>]*? (?:href|src)="(?P<target>[^"]*)"')
_OUTSIDE = re.compile(r"[a-z]+:|//")


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """The site as the pages are now."""
    assert build() == ""


@cache
def _places(page: Path) -> frozenset[str]:
    return frozenset(re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8")))


def _links() -> Iterator[tuple[Path, str, str]]:
    """Give each link on the site: its page, what it is on, and where it leads."""
    for page in SITE.rglob("*.html"):
        for found in _LINK.finditer(page.read_text(encoding="utf-8")):
            yield page, found["tag"], unescape(found["target"])


def _leads_nowhere(page: Path, target: str) -> bool:
    path, fragment = urldefrag(target)
    there = page.parent / unquote(path.partition("?")[0]) if path else page
    if not there.is_file():
        return True
    return bool(fragment) and there.suffix == ".html" and unquote(fragment) not in _places(there)


def test_every_link_within_the_site_leads_somewhere() -> None:
    """To a file that is there, and to a heading that is in it."""
    inside = [(page, to) for page, _, to in _links() if to and not _OUTSIDE.match(to)]
    assert len(inside) > 1000
    broken = [f"{page.relative_to(SITE)}: {to}" for page, to in inside if _leads_nowhere(page, to)]
    assert broken == []


def test_site_loads_nothing_from_elsewhere() -> None:
    """It is whole without a network; only what a reader follows leads out."""
    loaded = [(page, to) for page, tag, to in _links() if tag != "a" and _OUTSIDE.match(to)]
    assert [(page, to) for page, to in loaded if not to.startswith("data:")] == []


@pytest.mark.parametrize("path", pages())
def test_page_lies_beside_its_markdown(path: str) -> None:
    """Each page is there for people and for programs, and is in the list for these."""
    page = SITE / path
    assert page.with_suffix(".html").is_file()
    assert page.read_bytes() == (ROOT / path).read_bytes()
    assert f"]({path})" in (SITE / "llms.txt").read_text(encoding="utf-8") or path == MAP


def test_all_in_one_file_has_what_is_told_to_users() -> None:
    """The pages about using the fake, one after another."""
    whole = (SITE / "llms-full.txt").read_text(encoding="utf-8")
    assert f"<!-- {HOME} -->" in whole
    assert "<!-- docs/faults.md -->" in whole
    assert "<!-- CONTRIBUTING.md -->" not in whole


@pytest.mark.parametrize("section", ["Tutorials", "How-to guides", "Reference", "Explanation"])
def test_map_has_the_four_kinds_of_pages(section: str) -> None:
    """After Diataxis (https://diataxis.fr); each page is called by its title, and told."""
    for entry in sections()[section]:
        text = (ROOT / entry.path).read_text(encoding="utf-8")
        assert text.startswith(f"# {entry.title}\n")
        assert entry.told.endswith(".")


def test_page_that_the_map_does_not_have_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new page is on the site before anybody has given it a place."""
    monkeypatch.setattr("tests.pages.site.navigation.pages", lambda: ["docs/faults.md", MAP, HOME])
    monkeypatch.setattr("tests.pages.site.navigation._entries", lambda _: iter(()))
    assert [(one.path, one.title) for one in sections()[FURTHER]] == [("docs/faults.md", "Faults")]
