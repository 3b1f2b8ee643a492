"""The tables of the pages say something of everything."""

import msgspec
import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.sent import OPERATIONS
from livestorm_contract_tests.suite.capabilities import OPERATIONS as OFFERED
from livestorm_contract_tests.suite.causes import causes
from livestorm_mock_server.arming.kinds import KINDS
from livestorm_mock_server.audit.rules import RULES

from .audit import rule_table
from .causes import cause_table
from .faults import section
from .made import ROOT
from .protocol import OF_THE_ADAPTER, OF_THE_SUITE, members, table
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


PROTOCOL = (ROOT / "docs" / "adapter-protocol.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("struct", [*OF_THE_ADAPTER, *OF_THE_SUITE, *OPERATIONS.values()])
def test_every_member_of_the_protocol_has_a_meaning(struct: type[msgspec.Struct]) -> None:
    """No member of a message is left without a word, and the page has each."""
    rows = table(struct).splitlines()[2:]
    assert [row for row in rows if row.endswith("|  |")] == []
    assert [one.name for one in members(struct) if f"`{one.encode_name}`" not in PROTOCOL] == []


@pytest.mark.parametrize("op", sorted({*OFFERED, *OPERATIONS}))
def test_page_of_the_protocol_has_each_operation(op: str) -> None:
    """What may stand in `ops` is told, what the runner does itself, too."""
    assert f"`{op}`" in PROTOCOL


@pytest.mark.parametrize("kind", Kind)
def test_page_of_the_protocol_has_each_kind(kind: Kind) -> None:
    """How an operation may end has a row of its own."""
    assert f"\n| `{kind}` |" in PROTOCOL
