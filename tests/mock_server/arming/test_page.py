"""The page that lists the kinds of faults."""

from pathlib import Path

import pytest
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.arming.page import section, updated

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"


def test_page_is_up_to_date() -> None:
    """The page lists the kinds and keys as they are."""
    page = PAGE.read_text(encoding="utf-8")
    command = "python -m livestorm_mock_server.arming.page docs/faults.md"
    assert updated(page) == page, f"run: {command}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_has_a_meaning(kind: str) -> None:
    """No parameter of a kind is left without a word."""
    assert [line for line in section(KINDS[kind]).splitlines() if line.endswith("|  |")] == []
