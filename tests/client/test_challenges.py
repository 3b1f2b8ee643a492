"""Reading `WWW-Authenticate`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.challenges import Challenge, read_challenges, read_error

BEARER = Challenge("bearer")


@pytest.mark.parametrize(
    ("value", "challenges"),
    [
        ("", []),
        (" , ,", []),
        ("Bearer", [BEARER]),
        ("Bearer error=", [BEARER]),
        ("Negotiate a87421000492aa87+/~==", [Challenge("negotiate")]),
        ('Basic realm="a, b", Bearer', [Challenge("basic", {"realm": "a, b"}), BEARER]),
        (
            'Newauth realm="apps", type=1,title="L to \\"apps\\""',
            [Challenge("newauth", {"realm": "apps", "type": "1", "title": 'L to "apps"'})],
        ),
        ('BEARER  A =\t"x" , , B= y,\t', [Challenge("bearer", {"a": "x", "b": "y"})]),
        ('Basic , error="x"', [Challenge("basic", {"error": "x"})]),
    ],
)
def test_challenges_are_read_by_their_grammar(value: str, challenges: list[Challenge]) -> None:
    """Schemes and names have no case; values are tokens or quoted, white space is skipped."""
    assert read_challenges(value) == challenges


@pytest.mark.parametrize(
    "value",
    [
        'Bearer error="x',
        'Bearer error="x\\"',
        'Bearer error="x" realm="y"',
        "Bearer realm=The API",
        'error="x"',
        "Bearer, Basic a b",
        '"x"',
        "é",
        "Bearer error=é",
        # The end of a line is not the end of the value.
        "\n",
        "Bearer\n",
    ],
)
def test_what_is_no_list_of_challenges_has_none(value: str) -> None:
    """Of a header that breaks the grammar nothing is believed."""
    assert read_challenges(value) == []


@given(value=st.text(st.sampled_from('ab =,"\\\t é')) | st.text())
def test_any_header_can_be_read(value: str) -> None:
    """Whatever comes, the schemes are in lower case and not empty."""
    assert all(one.scheme and one.scheme == one.scheme.lower() for one in read_challenges(value))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ('Bearer realm="x", x_error="insufficient_scope", error="invalid_token"', "invalid_token"),
        ('DPoP error="insufficient_scope", Bearer error="invalid_token"', "invalid_token"),
        ('Bearer realm="a", Bearer error=invalid_token', "invalid_token"),
        ('Bearer realm="error=\\"insufficient_scope\\""', None),
        ('Basic error="invalid_token"', None),
    ],
)
def test_error_is_that_of_a_bearer_challenge(value: str, error: str | None) -> None:
    """Neither another member, nor another scheme, nor a text in quotes is taken for it."""
    assert read_error(value) == error
