"""The tables of the pages say something of everything."""

import pytest
from livestorm_contract_tests.suite.causes import causes
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.audit.rules import RULES

from .audit import rule_table
from .causes import cause_table
from .faults import section
from .report import member_tables


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_key_of_a_fault_has_a_meaning(kind: str) -> None:
    """No parameter of a kind is left without a word."""
    assert [line for line in section(KINDS[kind]).splitlines() if line.endswith("|  |")] == []


def test_audit_table_has_a_row_for_each_rule() -> None:
    """Header, line, and a row of four cells for each rule."""
    rows = rule_table().splitlines()
    assert len(rows) == 2 + len(RULES)
    assert {row.count("|") for row in rows} == {5}


def test_cause_table_has_a_row_for_each_cause() -> None:
    """Header, line, and a row of four cells for each cause."""
    rows = cause_table().splitlines()
    assert len(rows) == 2 + len(causes())
    assert {row.count("|") for row in rows} == {5}


def test_every_member_of_the_report_has_a_meaning() -> None:
    """No member of any object is left without a word."""
    assert [line for line in member_tables().splitlines() if line.endswith("|  |")] == []
