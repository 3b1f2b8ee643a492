"""The meaning of OAuth error codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.refusals import BUSY_CODES, CONFIGURATION_CODES, issue_refusal, read_code


@pytest.mark.parametrize("code", sorted(BUSY_CODES))
def test_busy_codes_ask_to_retry_later(code: str) -> None:
    """A server that names itself busy will answer another time."""
    assert issue_refusal(code, "").kind == "retry_later"


@pytest.mark.parametrize("code", sorted(CONFIGURATION_CODES))
def test_configuration_codes_ask_for_a_change(code: str) -> None:
    """A refused client, scope or request stays refused."""
    assert issue_refusal(code, "").kind == "config_error"


@pytest.mark.parametrize("code", [None, "made_up", "invalid_grant"])
def test_other_codes_are_protocol_errors_that_keep_the_code(code: str | None) -> None:
    """An unknown code is surfaced, not interpreted."""
    refusal = issue_refusal(code, "", 418)
    assert (refusal.kind, refusal.code, refusal.status) == ("protocol_error", code, 418)


@given(error=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
def test_read_code_gives_printable_ascii_or_none(error: object) -> None:
    """Whatever stands in `error`, the code is short and safe to log."""
    code = read_code(error, ())
    assert code is None or (code == str(error)[:200] and code.isascii() and code.isprintable())


def test_read_code_masks_a_secret() -> None:
    """A server that sends a secret back as the error code does not get it shown."""
    assert read_code("abcdef", ["abcdef"]) == "***"


def test_read_code_knows_a_code_that_contains_a_secret() -> None:
    """A secret as short as a part of a known code does not change what the code means."""
    assert read_code("invalid_grant", ["grant", "a"]) == "invalid_grant"
