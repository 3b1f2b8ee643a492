"""The tables of broken clients are complete."""

import pytest
from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.case import Case

from .bites.table import tables

PROPERTIES_WITH_TABLE = {one.case.id: one.case for one in PROPERTIES if one.case.id in tables()}
JUDGED: dict[str, Case] = {**all_cases(), **PROPERTIES_WITH_TABLE}
CHECKS = [(name, check) for name, case in JUDGED.items() for check in case.checks]
FOLLOWS = [(name, check) for name, table in tables().items() for check in table.follows]


@pytest.mark.parametrize(
    ("name", "check"), CHECKS, ids=[f"{name}-{check}" for name, check in CHECKS]
)
def test_check_has_a_client_that_fails_it_alone(name: str, check: str) -> None:
    """A check that no client fails alone proves nothing, or says what another one says."""
    table = tables()[name]
    allowed = {check} | table.follows.get(check, set())
    assert any(check in bite.fails <= allowed for bite in table.rows)


@pytest.mark.parametrize(
    ("name", "check"), FOLLOWS, ids=[f"{name}-{check}" for name, check in FOLLOWS]
)
def test_what_follows_is_needed(name: str, check: str) -> None:
    """What is said to follow from a check goes when a client fails that check alone."""
    assert check in JUDGED[name].checks
    assert all(bite.fails != {check} for bite in tables()[name].rows)
