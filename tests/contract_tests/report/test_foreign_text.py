"""The text of others, made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.check_command import say
from livestorm_contract_tests.report.foreign_text import cleaned, marked


@given(text=st.text(alphabet=st.characters() | st.sampled_from("\n\r\t:#[\x1b\u202e\u2069")))
def test_any_text_is_made_harmless(text: str) -> None:
    """It has no controls, XML holds it, it breaks where it is told to, and commands nobody."""
    told = marked(text)
    assert [
        char for char in told if ord(char) in (*range(9), *range(11, 32), *range(127, 160))
    ] == []
    assert told.splitlines() == told.removesuffix("\n").split("\n") if told else True
    assert [line for line in told.split("\n") if line.strip().startswith(("::", "##["))] == []
    assert all(line.startswith("  | ") for line in told.split("\n")[1:])
    told.encode()


@given(text=st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """What letters, digits, marks and blanks there are in any language is shown."""
    assert cleaned(text) == text


@pytest.mark.parametrize("error", ["a\n::error::b", "\x1b[31ma\n::error::b"])
def test_standard_error_takes_no_command_of_a_client(
    error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an adapter said before it broke is shown, and steers nothing."""
    say(f"the client: {error}")
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "\n  | ::error::b" in told
