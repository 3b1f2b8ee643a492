"""The files are complete, and together they cover the catalogue."""

import re

import msgspec
import pytest
from livestorm_mock_server import Scenario
from livestorm_mock_server.scenario_files import load_scenario, scenario_names

from .catalogue import CASES, WITHOUT_SCENARIO

SCENARIOS = {name: load_scenario(name) for name in scenario_names()}


def test_catalogue_has_a_hundred_cases() -> None:
    """The counts of the sections add up to the catalogue's own total."""
    assert len(CASES) == 100


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_is_described(name: str) -> None:
    """A scenario loads and says what it is, what a client should do, and for which cases."""
    scenario = SCENARIOS[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert scenario.title
    assert not scenario.title.endswith(".")
    assert re.fullmatch(r"[A-Z].*\.", scenario.client_should)
    assert scenario.cases
    assert len(set(scenario.cases)) == len(scenario.cases)


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_names_cases_of_the_catalogue(name: str) -> None:
    """Each id is one of the catalogue's."""
    assert set(SCENARIOS[name].cases) <= set(CASES)


@pytest.mark.parametrize("member", ["title", "client_should"])
def test_texts_are_unique(member: str) -> None:
    """No two scenarios have the same title, or ask the same of a client."""
    texts = [getattr(scenario, member) for scenario in SCENARIOS.values()]
    assert [text for text in texts if texts.count(text) > 1] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_differs_from_all_others(name: str) -> None:
    """No two scenarios set the same."""
    same = [other for other, one in SCENARIOS.items() if settings(one) == settings(SCENARIOS[name])]
    assert same == [name]


def test_catalogue_is_covered() -> None:
    """Each case has a scenario, or a written reason why it has none."""
    shown = {case for scenario in SCENARIOS.values() for case in scenario.cases}
    assert set(CASES) - shown == set(WITHOUT_SCENARIO)


def settings(scenario: Scenario) -> Scenario:
    """Give a scenario without its texts."""
    return msgspec.structs.replace(scenario, title="", client_should="", cases=())
