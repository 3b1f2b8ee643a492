"""What the theme's HTML lacks for keyboards and screen readers, as axe-core finds it."""

from pathlib import Path
from typing import Final

_MENDED: Final = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    # What scrolls sideways on a phone is reached with the keyboard.
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    "<pre>": '<pre tabindex="0">',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
}
"""What is written anew; a page that was mended has none of it."""


def mend(site: Path) -> None:
    """Mend all pages of a site."""
    for page in site.rglob("*.html"):
        text = mended = page.read_text(encoding="utf-8")
        for lacking, whole in _MENDED.items():
            # A heading is added once: what it stands before stays.
            if whole not in mended:
                mended = mended.replace(lacking, whole)
        if mended != text:
            page.write_text(mended, encoding="utf-8")
