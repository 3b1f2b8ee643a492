"""The profiles and the catalogue fit each other."""

from inspect import signature

from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.sets import profiles

SIZES = {"A": 8, "B": 11, "C": 18, "D": 13, "E": 9, "F": 10, "G": 11, "H": 7, "I": 7, "J": 6}
CATALOGUE = {f"{group}{n:02}" for group, size in SIZES.items() for n in range(1, size + 1)}


def test_profiles_hold_the_catalogue_once() -> None:
    """Each of the hundred cases is in just one profile."""
    listed = [case for profile in profiles().values() for case in profile.cases]
    assert sorted(listed) == sorted(CATALOGUE)
    assert len(listed) == 100


def test_cases_are_of_the_catalogue() -> None:
    """No case has an id that the catalogue does not know."""
    assert set(all_cases()) <= CATALOGUE


def test_checks_are_named_once() -> None:
    """The levels of a case speak of checks that it has."""
    for case in all_cases().values():
        assert set(case.levels) <= set(case.checks), case.id


def test_each_variant_is_played_in_one_way() -> None:
    """A case has a play unless each of its variants has one, and then it has none."""
    for case in all_cases().values():
        assert (case.play is None) == all(one.play for one in case.variants), case.id


def test_plays_are_given_all_but_the_stage() -> None:
    """What a variant leaves out has a default."""
    for case in all_cases().values():
        for variant in case.variants:
            signature(case.play_of(variant)).bind("a stage")
