"""The page that lists the kinds of faults."""

import pytest
from livestorm_mock_server.faults.page import section
from livestorm_mock_server.faults.reading import KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_has_a_meaning(kind: str) -> None:
    """No parameter of a kind is left without a word."""
    assert [line for line in section(KINDS[kind]).splitlines() if line.endswith("|  |")] == []
