"""Expiry arithmetic and the representation of tokens."""

from hypothesis import given
from hypothesis import strategies as st
from livestorm_client import Tokens
from livestorm_client.tokens import Secret

MOMENTS = st.floats(0, 1e10)
LIFETIMES = st.floats(0, 1e15)


@given(issued=MOMENTS, lifetime=LIFETIMES, leeway=st.floats(0, 1e6))
def test_due_at_expiry_whatever_the_leeway(issued: float, lifetime: float, leeway: float) -> None:
    """Expired tokens are due."""
    tokens = Tokens(access_token="a", expires_at=issued + lifetime, lifetime=lifetime)
    assert tokens.due(issued + lifetime, leeway)


@given(issued=MOMENTS, lifetime=st.floats(1, 1e6), leeway=st.floats(0, 1e6))
def test_due_never_in_the_first_nine_tenths(issued: float, lifetime: float, leeway: float) -> None:
    """However large the leeway, a new token is used for most of its lifetime."""
    tokens = Tokens(access_token="a", expires_at=issued + lifetime, lifetime=lifetime)
    assert not tokens.due(issued + lifetime * 0.89, leeway)


@given(now=st.floats(allow_nan=False), leeway=st.floats(0, 1e6))
def test_due_never_when_expiry_is_unknown(now: float, leeway: float) -> None:
    """Without an expiry only the API's 401 leads to a refresh."""
    assert not Tokens(access_token="a").due(now, leeway)


def test_due_uses_the_whole_leeway_of_a_long_lifetime() -> None:
    """Two-hour tokens are due a minute before they expire."""
    tokens = Tokens(access_token="a", expires_at=7200, lifetime=7200)
    assert not tokens.due(7139, 60)
    assert tokens.due(7140, 60)


def test_due_a_tenth_before_the_end_of_a_short_lifetime() -> None:
    """Tokens that live shorter than ten leeways are used for nine tenths of their life."""
    tokens = Tokens(access_token="a", expires_at=100, lifetime=100)
    assert not tokens.due(89.9, 60)
    assert tokens.due(90, 60)


def test_secret_is_represented_by_a_mask() -> None:
    """What is shown is a string that says nothing, not even a length."""
    assert repr(Secret("a-secret")) == "'***'"


@given(access=st.uuids().map(str), refresh=st.uuids().map(str))
def test_repr_masks_tokens(access: str, refresh: str) -> None:
    """Neither token shows in repr, str or format."""
    tokens = Tokens(access_token=access, refresh_token=refresh)
    shown = f"{tokens!r} {tokens} {[tokens]}"
    assert access not in shown
    assert refresh not in shown
