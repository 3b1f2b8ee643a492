"""`livestorm-mock cases`, and what `check` chooses of them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from livestorm_contract_tests.check_options import Wanted, select_cases
from livestorm_contract_tests.driving.messages import ClientName, Ready
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import (
    UnknownCaseError,
    all_cases_and_properties,
    find_case,
)
from livestorm_contract_tests.runs.failures import keep_failures, read_failures
from livestorm_contract_tests.runs.requirements import newest
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case import Case
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_contract_tests.usage import UsageError
from livestorm_mock_server.cli import commands
from livestorm_mock_server.scenario_files import load_scenario, scenario_names
from livestorm_mock_server.suite_commands import PROFILES

CASES = all_cases_and_properties()


def ask(*arguments: str) -> Result:
    """Run `livestorm-mock cases`."""
    return CliRunner().invoke(commands, ["cases", *arguments], env={"COLUMNS": "200"})


def ids(wanted: Wanted) -> list[str]:
    """Give the ids of what would be run."""
    return [case.id for case in chosen(wanted)]


def chosen(wanted: Wanted) -> list[Case]:
    """Give what would be run, scored by the newest set."""
    return select_cases(wanted, newest())


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_every_case_has_a_line(arguments: tuple[str, ...]) -> None:
    """Alone, the command lists, too."""
    lines = ask(*arguments).output.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(CASES)


@pytest.mark.parametrize("profile", newest().profiles)
def test_a_profile_may_be_chosen(profile: str) -> None:
    """As a list, and as JSON with all that there is."""
    listed = json.loads(ask("list", "--profile", profile, "--json").output)
    assert {one["case"] for one in listed} == set(newest().cases_of(profile))
    assert {one["profile"] for one in listed} == {profile}


@pytest.mark.parametrize("case", CASES)
def test_case_is_shown_with_all_its_checks(case: str) -> None:
    """What it requires, where from, and each check by its full id."""
    told = ask("show", case.lower()).output
    for check, required in CASES[case].checks.items():
        assert f"{case}:{check}: {required}" in told
    assert CASES[case].requirement in told
    assert CASES[case].source in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "C9"), "did you mean 'C09'?"),
        (("list", "--profile", "cor"), "did you mean 'core'?"),
    ],
)
def test_what_is_not_there_is_told(arguments: tuple[str, ...], words: str) -> None:
    """With the nearest that is."""
    assert words in ask(*arguments).output


def test_help_names_the_profiles() -> None:
    """Nobody has to look them up."""
    assert PROFILES.replace(" or ", ", ").split(", ") == list(newest().profiles)


def test_each_option_leaves_fewer_cases() -> None:
    """As with pytest's `-m` and `-k`: what is chosen by both is in both."""
    assert ids(Wanted(profiles=["core", "refresh"], cases=["c09", "G01"])) == ["C09"]
    assert ids(Wanted(profiles=["core"], shown=["C09", "J04"])) == ["C09"]
    with pytest.raises(UsageError, match="no case is left"):
        chosen(Wanted(profiles=["core"], cases=["G01"]))


@pytest.mark.parametrize("name", scenario_names())
def test_scenario_chooses_the_cases_that_it_shows(name: str) -> None:
    """Each scenario that comes with the project leaves cases to be run."""
    shown = load_scenario(name).cases
    assert set(ids(Wanted(shown=shown))) == set(shown) != set()


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ("burst_limits", "burst_limit"),
        ("own.toml", "--scenario: own.toml names no cases"),
    ],
)
def test_scenario_that_chooses_nothing_is_refused(
    scenario: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is none names the nearest; a file that shows no cases can't be judged by."""
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text('title = "Ours"', encoding="utf-8")
    asked = CliRunner().invoke(commands, ["check", "--client", "true", "--scenario", scenario])
    assert asked.exit_code != 0
    assert told in f"{asked.output}{asked.exception}"


def test_fast_is_the_first_variant_of_each() -> None:
    """Properties are left out, but for one that is asked for by its id."""
    fast = chosen(Wanted(fast=True))
    assert [one.id for one in fast] == [name for name in CASES if name not in PROPERTIES]
    assert [[*one.variants] for one in fast] == [[*CASES[one.id].variants[:1]] for one in fast]
    assert ids(Wanted(fast=True, cases=["P01", "A01"])) == ["A01", "P01"]


def finished(**verdicts: Verdict) -> Run:
    """Give a run with these results."""
    return Run(
        client=REFERENCE,
        ready=Ready(protocol=1, client=ClientName(name="x", language="x")),
        settings=Settings(seed="1"),
        results=[CaseResult(case=CASES[name], verdict=one) for name, one in verdicts.items()],
    )


def test_last_failed_is_what_failed_when_it_was_played_last(tmp_path: Path) -> None:
    """A case that was not played stays as it was; where nothing failed, all are played."""
    folder = tmp_path / "state"
    assert ids(Wanted(last_failed=True, state=folder)) == list(CASES)
    keep_failures(finished(A01=Verdict.FAIL, A02=Verdict.HANG, A03=Verdict.WARN), folder)
    assert ids(Wanted(last_failed=True, state=folder)) == ["A01", "A02"]
    keep_failures(finished(A01=Verdict.PASS), folder)
    assert ids(Wanted(last_failed=True, state=folder)) == ["A02"]
    assert ids(Wanted(last_failed=True, state=folder, cases=["A01"])) == ["A01"]


def test_case_that_there_is_not_is_told_with_the_sections() -> None:
    """Not with a line of all cases."""
    with pytest.raises(UnknownCaseError) as raised:
        find_case("Z99")
    told = str(raised.value)
    assert told.startswith("there is no case 'Z99'; there are the sections A, B, ")
    assert not any(one in told for one in CASES)
    with pytest.raises(UnknownCaseError, match="did you mean 'A01'"):
        find_case("A001")


@pytest.mark.parametrize("text", ["", "{", "{}", "[1, null]", "\x00"])
def test_odd_file_of_failures_counts_as_none(tmp_path: Path, text: str) -> None:
    """What somebody else wrote there keeps nobody from running."""
    (tmp_path / "last-failed.json").write_text(text, encoding="utf-8")
    assert read_failures(tmp_path) == set()


def test_failures_of_a_run_are_kept_beside_those_before(tmp_path: Path) -> None:
    """The file is the same for the same failures."""
    run = finished(A02=Verdict.FAIL, A01=Verdict.CRASH)
    keep_failures(run, tmp_path)
    first = (tmp_path / "last-failed.json").read_bytes()
    keep_failures(replace(run, results=run.results[::-1]), tmp_path)
    assert (tmp_path / "last-failed.json").read_bytes() == first
