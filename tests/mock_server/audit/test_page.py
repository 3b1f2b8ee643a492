"""The page of the documentation."""

from pathlib import Path

from livestorm_mock_server.audit.page import rule_table, updated
from livestorm_mock_server.audit.rules import RULES

PAGE = Path(__file__).parents[3] / "docs/audit.md"


def test_page_is_up_to_date() -> None:
    """`docs/audit.md` shows the rules as they are."""
    page = PAGE.read_text(encoding="utf-8")
    command = "python -m livestorm_mock_server.audit.page docs/audit.md"
    assert updated(page) == page, f"run: {command}"
    assert rule_table() in page


def test_table_has_a_row_for_each_rule() -> None:
    """Header, line, and a row of four cells for each rule."""
    rows = rule_table().splitlines()
    assert len(rows) == 2 + len(RULES)
    assert {row.count("|") for row in rows} == {5}
