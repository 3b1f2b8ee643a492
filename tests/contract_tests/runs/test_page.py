"""The page of the cases, and the catalogue behind it."""

from pathlib import Path

from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.page import unchecked, updated
from livestorm_contract_tests.runs.sets import profiles

PAGE = Path(__file__).parents[3] / "docs" / "cases.md"


def test_page_is_up_to_date() -> None:
    """The page lists the cases as they are."""
    page = PAGE.read_text(encoding="utf-8")
    command = "python -m livestorm_contract_tests.runs.page docs/cases.md"
    assert updated(page) == page, f"run: {command}"


def test_every_case_is_checked_or_says_why_not() -> None:
    """No requirement of a profile is silently left out, and no reason outlives its case."""
    listed = {case for profile in profiles().values() for case in profile.cases}
    assert listed - set(all_cases()) == set(unchecked())
