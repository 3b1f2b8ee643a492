"""One behaviour has one level, whichever case judges it."""

from collections import defaultdict

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.behaviours import BEHAVIOURS, LEVELS, Behaviour
from livestorm_contract_tests.suite.verdicts import Level

CHECKS = {f"{case.id}:{name}": case for case in all_cases().values() for name in case.checks}
LISTED = [check for one in BEHAVIOURS for check in one.judged_by.split()]


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.does)
def test_each_check_of_a_behaviour_has_its_level(behaviour: Behaviour) -> None:
    """A case gives a check the level of the table, whatever its own level is."""
    found = {CHECKS[one].level_of(one.partition(":")[2]) for one in behaviour.judged_by.split()}
    assert found == {behaviour.level}


def test_no_check_judges_two_behaviours() -> None:
    """A check stands in the table once."""
    assert sorted(LISTED) == sorted(set(LISTED))


def test_level_of_a_behaviour_stands_in_no_case() -> None:
    """What the table says is not said again by a case's own `levels`."""
    assert [one for one in LISTED if one.partition(":")[2] in CHECKS[one].levels] == []


def test_same_words_have_the_same_level() -> None:
    """Two checks that require the same, word for word, do so as strongly."""
    levels: dict[str, set[Level]] = defaultdict(set)
    for check, case in CHECKS.items():
        name = check.partition(":")[2]
        levels[case.checks[name]].add(case.level_of(name))
    assert {text: found for text, found in levels.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("checks", "level"),
    [
        (("C06:kind", "C07:kind", "D05:kind"), Level.SHOULD),
        (("F01:tells-when", "F09:tells-when"), Level.SHOULD),
    ],
)
def test_what_no_specification_demands_is_no_must(checks: tuple[str, ...], level: Level) -> None:
    """How an error is called, and whether it tells when to try again, only should be."""
    assert {LEVELS[check] for check in checks} == {level}
