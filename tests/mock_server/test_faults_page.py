"""The page that lists the kinds of faults."""

from pathlib import Path

import pytest
from livestorm_mock_server.faults.page import section, updated
from livestorm_mock_server.faults.reading import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def test_page_is_up_to_date() -> None:
    """The page lists the kinds and keys as they are."""
    page = PAGE.read_text(encoding="utf-8")
    command = "python -m livestorm_mock_server.faults.page docs/faults.md"
    assert updated(page) == page, f"run: {command}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_has_a_meaning(kind: str) -> None:
    """No parameter of a kind is left without a word."""
    assert [line for line in section(KINDS[kind]).splitlines() if line.endswith("|  |")] == []
