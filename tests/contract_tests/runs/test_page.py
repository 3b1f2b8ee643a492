"""The page of the cases, and the catalogue behind it."""

from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.page import unchecked
from livestorm_contract_tests.runs.sets import profiles


def test_every_case_is_checked_or_says_why_not() -> None:
    """No requirement of a profile is silently left out, and no reason outlives its case."""
    listed = {case for profile in profiles().values() for case in profile.cases}
    assert listed - set(all_cases()) == set(unchecked())
