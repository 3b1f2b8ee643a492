"""Content negotiation, as Rails does it."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.rails.errors import NotAcceptable
from livestorm_mock_server.rails.negotiation import (
    NegotiationRules,
    accept_decides,
    parse_accept,
    symbol_of,
)
from livestorm_mock_server.rails.request import Request

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


ALL = NegotiationRules(vary_names_all=True)
ALL_WITHOUT_ACCEPT = NegotiationRules(vary_names_all=True, ignores_accept=True)
WITHOUT_ACCEPT = NegotiationRules(ignores_accept=True)
SCRIPT = ("x-requested-with", "XMLHttpRequest")
NAMED = "Accept, X-Requested-With"


def ask(
    rules: NegotiationRules, *headers: tuple[str, str], path: str = "/nothing", query: bytes = b""
) -> Request:
    """Make a request to a provider with these rules."""
    return Request(
        method="GET", raw_path=path, query=query, headers=[*headers], body=b"", rules=rules
    )


@pytest.mark.parametrize(
    ("headers", "before", "since"),
    [
        ([], None, NAMED),
        ([("accept", "*/*")], "Accept", NAMED),
        ([("accept", "application/json")], "Accept", NAMED),
        ([("accept", "text/html, */*")], None, NAMED),
        ([SCRIPT], None, "Accept, Content-Type, X-Requested-With"),
        ([SCRIPT, ("accept", " ")], None, "Accept, Content-Type, X-Requested-With"),
        (
            [SCRIPT, ("content-type", "text/html")],
            "Accept",
            "Accept, Content-Type, X-Requested-With",
        ),
        ([SCRIPT, ("accept", "*/*")], "Accept", NAMED),
        ([SCRIPT, ("accept", "text/html, */*")], "Accept", NAMED),
        ([("x-requested-with", "com.example.app")], None, NAMED),
    ],
)
def test_vary_before_and_since_november_2026(
    headers: list[tuple[str, str]], before: str | None, since: str
) -> None:
    """Before, `Accept` where it took part; since, all headers that may take part."""
    assert ask(NegotiationRules(), *headers).vary == before
    assert ask(ALL, *headers).vary == since
    assert ask(WITHOUT_ACCEPT, *headers).vary is None
    assert ask(ALL_WITHOUT_ACCEPT, *headers).vary == "X-Requested-With"


@pytest.mark.parametrize("rules", [NegotiationRules(), ALL, ALL_WITHOUT_ACCEPT])
def test_no_vary_where_the_request_names_the_format(rules: NegotiationRules) -> None:
    """By a parameter, also a blank one, or by the suffix of a route."""
    assert ask(rules, ("accept", "*/*"), query=b"format=json").vary is None
    assert ask(rules, ("accept", "*/*"), query=b"format=").vary is None
    suffixed = ask(rules, ("accept", "*/*"))
    suffixed.path_format = "json"
    assert suffixed.vary is None


@given(accept=st.none() | texts | pieces, script=st.booleans())
def test_ignored_accept_decides_nothing(accept: str | None, script: bool) -> None:
    """Neither is a malformed one noticed: the format is that of the suffix, or of the browser."""
    headers = [] if accept is None else [("accept", accept)]
    headers += [SCRIPT] if script else []
    assert ask(WITHOUT_ACCEPT, *headers).formats == ["js" if script else "html"]
    assert ask(WITHOUT_ACCEPT, *headers, path="/nothing.json").formats == ["json"]


@pytest.mark.parametrize(
    ("options", "vary"),
    [
        ({}, None),
        ({"vary": "negotiation"}, NAMED),
        ({"vary": "negotiation", "ignore_accept_header": True}, "X-Requested-With"),
    ],
)
def test_provider_says_what_it_negotiates_by(
    livestorm_server: MockLivestorm, http: httpx.Client, options: dict[str, Any], vary: str | None
) -> None:
    """The options reach the wire, for OAuth and the API alike; an empty answer has no `Vary`."""
    with livestorm_server.sandbox(**options) as provider:
        bearer = {"Authorization": f"Bearer {provider.issue_tokens()['access_token']}"}
        for path in ("/oauth/token/info", "/v1/me"):
            for headers, expected in ((bearer, vary), ({}, vary if "info" in path else None)):
                asked = {"Accept": "text/html,*/*;q=0.8", **headers}
                answer = http.get(provider.app_url + path, headers=asked)
                assert answer.headers.get("vary") == expected
