"""Redirect URIs: parsing, matching, and adding an answer."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.doorkeeper.uris import (
    InvalidURIError,
    matches_redirect_uri,
    parse_uri,
    uri_with_fragment,
    uri_with_query,
)

REGISTERED = "https://client.example.test/callback"
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"

labels = st.text(ALPHABET, min_size=1, max_size=8)
hosts = st.lists(labels, min_size=1, max_size=3).map(".".join).filter(lambda h: not h.isdigit())
paths = st.lists(labels, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts))
uris = st.builds(lambda host, path: f"https://{host}.test{path}", hosts, paths)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
answers = st.dictionaries(
    st.sampled_from(["code", "state", "error"]), texts.filter(lambda text: bool(text.strip()))
)


@given(uri=uris, exactly=st.booleans())
def test_registered_uri_matches_itself(uri: str, exactly: bool) -> None:
    """A registered URI is accepted by every release."""
    assert matches_redirect_uri(uri, [uri], exactly=exactly)


@given(uri=uris, other=uris, exactly=st.booleans())
def test_other_uri_does_not_match(uri: str, other: str, exactly: bool) -> None:
    """Of two plain URIs, one matches the other only if it is the same."""
    same = uri == other or (not exactly and uri.rstrip("/") == other.rstrip("/"))
    assert matches_redirect_uri(other, [uri], exactly=exactly) == same


@given(uri=uris)
def test_case_of_the_host_is_free_before_6(uri: str) -> None:
    """Scheme and host are compared without case, until 6.0."""
    parts = urlsplit(uri)
    shouted = parts._replace(scheme="HTTPS", netloc=parts.netloc.upper()).geturl()
    shouted = shouted.replace("https:", "HTTPS:", 1)
    assert matches_redirect_uri(shouted, [uri], exactly=False)
    assert not matches_redirect_uri(shouted, [uri], exactly=True)


@given(uri=uris, query=labels)
def test_query_is_free_where_none_is_registered_before_6(uri: str, query: str) -> None:
    """Any query may be added to a URI that is registered without one, until 6.0."""
    assert matches_redirect_uri(f"{uri}?{query}=1", [uri], exactly=False)
    assert not matches_redirect_uri(f"{uri}?{query}=1", [uri], exactly=True)


@given(port=st.integers(0, 65535), path=paths, exactly=st.booleans())
def test_loopback_address_may_have_any_port(port: int, path: str, exactly: bool) -> None:
    """The port of a loopback address is free (RFC 8252, section 7.3)."""
    given_uri, registered = f"http://127.0.0.1:{port}/cb{path}", f"http://127.0.0.1/cb{path}"
    assert matches_redirect_uri(given_uri, [registered], exactly=exactly)


@pytest.mark.parametrize("exactly", [False, True])
@pytest.mark.parametrize(
    "uri",
    [
        "",
        "callback",
        "//client.example.test/callback",
        f"{REGISTERED}/",
        f"{REGISTERED}#",
        f"{REGISTERED}#a",
        "https://client.example.test/Callback",
        "https://client.example.test/./callback",
        "https://client.example.test/a/../callback",
        "https://client.example.test/%63allback",
        "https://user@client.example.test/callback",
        "http://client.example.test/callback",
        "https://client.example.test:444/callback",
        "https://client.example.test.attacker.test/callback",
        "https://attacker.test/client.example.test/callback",
        "https://attacker.test\\@client.example.test/callback",
        "javascript:alert(1)",
        "https:client.example.test/callback",
        "https:///callback",
        "https://client.example.test/callback\n",
        " https://client.example.test/callback",
    ],
)
def test_uri_that_is_not_registered_is_refused(uri: str, exactly: bool) -> None:
    """Nothing but the registered URI gets a code."""
    assert not matches_redirect_uri(uri, [REGISTERED], exactly=exactly)


@pytest.mark.parametrize(
    ("given_uri", "matches"),
    [
        ("https://c.test/?a=1&b=2", True),
        ("https://c.test/?b=2&a=1", True),
        ("https://c.test/?a=1", False),
        ("https://c.test/?a=1&b=2&c=3", False),
        ("https://c.test/", False),
    ],
)
def test_registered_query_must_come_again(given_uri: str, matches: bool) -> None:
    """A registered query is needed pair by pair, in any order."""
    registered = ["https://c.test/?a=1&b=2"]
    assert matches_redirect_uri(given_uri, registered, exactly=False) == matches


def test_localhost_has_its_exact_port() -> None:
    """The name localhost is no loopback address."""
    registered = ["http://localhost:3000/cb"]
    assert not matches_redirect_uri("http://localhost:3001/cb", registered, exactly=False)


@given(text=st.text(max_size=60), exactly=st.booleans())
def test_any_text_is_matched_or_not(text: str, exactly: bool) -> None:
    """Matching never fails."""
    assert matches_redirect_uri(text, [REGISTERED], exactly=exactly) in (True, False)


@given(text=st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """Parsing gives a URI or says that there is none."""
    try:
        parsed = parse_uri(text)
    except InvalidURIError:
        return
    assert parsed.scheme == parsed.scheme.lower() != ""


@pytest.mark.parametrize(
    ("registered", "matches"), [("http://127.0.0.1/", True), ("https://c.test/", False)]
)
def test_port_of_thousands_of_digits_is_a_port(registered: str, matches: bool) -> None:
    """A port that Python can't convert is no failure; on a loopback address it is free."""
    uri = registered[:-1] + ":" + "9" * 5000 + "/"
    assert matches_redirect_uri(uri, [registered], exactly=False) == matches


@given(uri=uris)
def test_parsed_uri_is_written_as_it_was(uri: str) -> None:
    """A plain URI survives parsing."""
    assert str(parse_uri(uri)) == uri


@given(uri=uris, answer=answers)
def test_answer_in_the_query_can_be_read_back(uri: str, answer: dict[str, str]) -> None:
    """What is added to the query comes out of it again, whatever characters it holds."""
    location = uri_with_query(uri, answer)
    assert dict(parse_qsl(urlsplit(location).query)) == answer
    assert location.isascii()


@given(uri=uris, answer=answers)
def test_answer_in_the_fragment_can_be_read_back(uri: str, answer: dict[str, str]) -> None:
    """What is put into the fragment comes out of it again."""
    location = uri_with_fragment(uri, answer)
    assert dict(parse_qsl(urlsplit(location).fragment)) == answer


def test_answer_follows_a_query_that_was_there() -> None:
    """An existing query is kept, and the answer comes after it, also under the same name."""
    location = uri_with_query("https://c.test/?state=own&a=1", {"code": "x", "state": "y"})
    assert location == "https://c.test/?state=own&a=1&code=x&state=y"


@pytest.mark.parametrize("state", ["", " ", "\t"])
def test_blank_state_is_not_echoed(state: str) -> None:
    """A blank state is dropped."""
    assert uri_with_query("https://c.test/", {"code": "x", "state": state}).endswith("?code=x")


def test_state_is_encoded_as_a_form_value() -> None:
    """A space becomes `+`, a tilde `%7E`."""
    assert uri_with_query("https://c.test/", {"state": "a b~*"}).endswith("?state=a+b%7E*")
