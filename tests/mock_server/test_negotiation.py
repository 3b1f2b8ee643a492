"""Content negotiation, as Rails does it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.rails.errors import NotAcceptable
from livestorm_mock_server.rails.negotiation import accept_decides, parse_accept, symbol_of

from .fast_enough import assert_ends_soon

texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=60)
pieces = st.lists(
    st.sampled_from(
        ["text/html", "application/json", "*/*", "text/*", ";q=0.5", "; q=x", ",", " ", ";", "a/b"]
    ),
    max_size=8,
).map("".join)


@given(accept=texts | pieces)
def test_any_accept_is_parsed_or_refused(accept: str) -> None:
    """No header makes the parser fail in another way than Rails does."""
    try:
        assert isinstance(parse_accept(accept), list)
    except NotAcceptable:
        return


@given(media_type=texts)
def test_any_media_type_is_read_or_refused(media_type: str) -> None:
    """A text is a media type or it is not."""
    try:
        assert symbol_of(media_type) is None or symbol_of(media_type).isidentifier()  # type: ignore[union-attr]
    except NotAcceptable:
        return


@pytest.mark.parametrize(
    ("accept", "formats"),
    [
        ("application/json", ["json"]),
        ("application/json;q=0.5, text/html", ["html", "json"]),
        ("text/html;q=0.1,application/json;q=0.9", ["json", "html"]),
        ("application/vnd.api+json", []),
        ("*/*", ["*/*"]),
        ("text/x-json", ["json"]),
    ],
)
def test_accept_orders_by_quality(accept: str, formats: list[str]) -> None:
    """The best comes first, and what Rails does not know is dropped."""
    assert parse_accept(accept) == formats


@pytest.mark.parametrize("accept", [None, "", " ", "application/json, */*", "*/*, text/html"])
def test_accept_of_a_browser_does_not_decide(accept: str | None) -> None:
    """A blank header and a list with `*/*` are not heeded."""
    assert not accept_decides(accept)


@pytest.mark.parametrize("media_type", ["json", "a/", "/b", "a b/c", "a/b/c", ""])
def test_text_that_is_no_media_type_is_not_acceptable(media_type: str) -> None:
    """What does not parse is a 406."""
    with pytest.raises(NotAcceptable):
        symbol_of(media_type)


def test_media_type_with_much_white_space_is_read_soon() -> None:
    """The time for a header grows with its length, not with the cube of it."""
    assert_ends_soon(
        "import contextlib\n"
        "from livestorm_mock_server.rails.errors import NotAcceptable\n"
        "from livestorm_mock_server.rails.negotiation import parse_accept\n"
        "with contextlib.suppress(NotAcceptable): parse_accept('a/b;c' + ' ' * 70_000 + '!')\n"
    )
