"""What all pages have in common, where no page shows it whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.rendering.environment import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Example Integration", "EI"),
        ("one", "O"),
        ("three little words", "TL"),
        ("<script>alert(1)</script>", "S"),
        ("\u202e \u0301 !", "?"),
        ("", "?"),
        ("\u00e9cole \u00dcber", "\u00c9\u00dc"),
        ("\ufb03x stra\u00dfe", "FF"),
    ],
)
def test_initials_stand_for_a_logo(name: str, initials: str) -> None:
    """They are letters or digits of the first two words that have any."""
    assert initials_of(name) == initials


@given(st.text())
def test_initials_are_short(name: str) -> None:
    """Whatever a client is called."""
    assert 1 <= len(initials_of(name)) <= 2
