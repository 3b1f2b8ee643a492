"""The page that lists the kinds of faults."""

import pytest
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.arming.page import section


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_has_a_meaning(kind: str) -> None:
    """No parameter of a kind is left without a word."""
    assert [line for line in section(KINDS[kind]).splitlines() if line.endswith("|  |")] == []
