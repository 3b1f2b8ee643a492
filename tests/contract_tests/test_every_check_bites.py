"""The tables of broken clients are complete."""

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties

from .bites.table import tables

CHECKS = [
    (name, check) for name, case in all_cases_and_properties().items() for check in case.checks
]
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
    assert check in all_cases_and_properties()[name].checks
    assert all(bite.fails != {check} for bite in tables()[name].rows)
