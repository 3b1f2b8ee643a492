"""How strongly a check is required, where that is not what its case says."""

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Level


@pytest.mark.parametrize(
    ("case", "check", "level"),
    [
        ("B09", "kind", Level.SHOULD),
        ("B11", "one-line", Level.MUST),
        ("B11", "markup", Level.SHOULD),
        ("B11", "limited", Level.ROBUST),
        ("D05", "no-polling", Level.SHOULD),
        ("D05", "not-for-ever", Level.MUST),
    ],
)
def test_level_says_what_a_specification_demands(case: str, check: str, level: Level) -> None:
    """A repeated parameter has no error of its own, texts are no pages, and polls must end."""
    assert all_cases()[case].level_of(check) is level


def test_no_check_of_f07_is_a_mere_warning() -> None:
    """Who misreads RateLimit-Reset fails: nothing in the row is a SHOULD."""
    case = all_cases()["F07"]
    assert {case.level_of(check) for check in case.checks} == {Level.ROBUST}
