"""The page of the documentation."""

from livestorm_mock_server.audit.page import rule_table
from livestorm_mock_server.audit.rules import RULES


def test_table_has_a_row_for_each_rule() -> None:
    """Header, line, and a row of four cells for each rule."""
    rows = rule_table().splitlines()
    assert len(rows) == 2 + len(RULES)
    assert {row.count("|") for row in rows} == {5}
