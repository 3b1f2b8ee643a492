"""The rules of scopes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.doorkeeper.scopes import default_scopes, is_valid_scope, split_scope

KNOWN = ("identity:read", "events:read", "events:write", "admin:read")

known = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=6)


@given(scopes=known)
def test_split_scope_keeps_the_order_and_drops_duplicates(scopes: list[str]) -> None:
    """The first mention of each scope stays where it was."""
    assert split_scope(" ".join(scopes)) == tuple(dict.fromkeys(scopes))


@given(text=st.text())
def test_split_scope_is_stable(text: str) -> None:
    """Splitting what was split and joined changes nothing."""
    assert split_scope(" ".join(split_scope(text))) == split_scope(text)


@given(scopes=known)
def test_known_scopes_are_valid_in_any_order(scopes: list[str]) -> None:
    """Any selection of what is allowed is valid."""
    assert is_valid_scope(" ".join(scopes), KNOWN)


@given(scopes=known, stranger=st.text(min_size=1).filter(lambda text: not text.isspace()))
def test_one_unknown_scope_spoils_all(scopes: list[str], stranger: str) -> None:
    """A partly unknown scope is invalid as a whole."""
    asked = " ".join([*scopes, stranger])
    assert is_valid_scope(asked, KNOWN) == (set(split_scope(asked)) <= set(KNOWN))


@pytest.mark.parametrize(
    "scope",
    [
        "",
        " ",
        "identity:read\tevents:read",
        "identity:read\n",
        "identity:read,events:read",
        "Identity:read",
        "identity",
        "identity:read+events:read",
    ],
)
def test_malformed_scope_is_invalid(scope: str) -> None:
    """Only spaces separate, case counts, and something must be there."""
    assert not is_valid_scope(scope, KNOWN)


@given(server=known, application=st.lists(st.sampled_from(KNOWN), max_size=4))
def test_defaults_are_what_server_and_application_share(
    server: list[str], application: list[str]
) -> None:
    """The defaults are the server's, as far as the application may have them."""
    wanted = [scope for scope in server if not application or scope in application]
    assert list(default_scopes(server, application)) == wanted
