"""What is read of a page, and what is passed over."""

import pytest

from .pages import read_page

ENGINES = (
    "<html><head><title>T</title><meta name='m' content='x'></head><body>{0}<h1>H{0}</h1>{0}"
    "<form action='/a' method='post'>{0}<input name='n' value='v'></form>{0}<p>Text</p>"
    "</body></html>"
)
ADDED = (
    "<p data-livestorm-mock>Added</p>",
    "<div data-livestorm-mock><h2>Added</h2><p>more<br>of it<form><input name=x></form></div>",
    "<input name=added data-livestorm-mock>",
    "<aside data-livestorm-mock><pre>Added</pre></aside><footer data-livestorm-mock>more</footer>",
)


@pytest.mark.parametrize("added", ADDED)
def test_what_the_fake_adds_is_passed_over(added: str) -> None:
    """The page is as it would be without it, wherever it stands."""
    assert read_page(ENGINES.format(added)) == read_page(ENGINES.format(""))


def test_what_is_not_marked_is_read() -> None:
    """A heading, a text or a form more is a difference."""
    added = ADDED[1].replace(" data-livestorm-mock", "")
    assert read_page(ENGINES.format(added)) != read_page(ENGINES.format(""))
