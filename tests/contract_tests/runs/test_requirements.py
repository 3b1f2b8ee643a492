"""The frozen sets, and how the newest and the catalogue fit each other."""

import ast
import hashlib
import tomllib
from inspect import signature
from pathlib import Path

import msgspec
import pytest
from livestorm_contract_tests import properties
from livestorm_contract_tests.runs import requirements
from livestorm_contract_tests.runs.baseline_file import BaselineError, load_baseline
from livestorm_contract_tests.runs.catalogue import all_cases, all_cases_and_properties
from livestorm_contract_tests.runs.open_questions import ALTERNATIVES
from livestorm_contract_tests.runs.requirements import (
    UnknownSetError,
    all_sets,
    find_set,
    in_profiles,
    newest,
)

from ..requirement_sets import SETS, draft

SIZES = {"A": 8, "B": 11, "C": 18, "D": 13, "E": 9, "F": 10, "G": 11, "H": 7, "I": 7, "J": 6}
CATALOGUE = {f"{group}{n:02}" for group, size in SIZES.items() for n in range(1, size + 1)}
HASHES = {
    line.split()[1]: line.split()[0]
    for line in Path(__file__).with_name("released_sets.txt").read_text().splitlines()
}


@pytest.mark.parametrize("name", [name for name, one in all_sets().items() if one.released])
def test_released_set_never_changes(name: str) -> None:
    """Who was green by it stays so: what is to be added belongs into a set with another name."""
    content = (SETS / f"{name}.toml").read_bytes()
    assert HASHES.get(f"{name}.toml") == hashlib.sha256(content).hexdigest()


def test_released_set_stays() -> None:
    """Builds name it."""
    assert set(HASHES) - {"draws"} <= {f"{name}.toml" for name in all_sets()}


def test_what_is_drawn_has_a_number() -> None:
    """Where these files let more be drawn, `draws` of the property rises, so that no set has it.

    Where they draw the same, the new hash alone belongs here.
    """
    folder = Path(next(iter(properties.__path__)))
    files = [folder / "draw.py", *sorted((folder / "answers").glob("*.py"))]
    told = "".join(_shape(ast.parse(file.read_text(encoding="utf-8"))) for file in files)
    assert hashlib.sha256(told.encode()).hexdigest() == HASHES["draws"]


def _shape(part: object) -> str:
    """Write a part of a program down, without what only some releases of Python name."""
    if isinstance(part, list):
        return f"[{', '.join(map(_shape, part))}]"
    if not isinstance(part, ast.AST):
        return repr(part)
    fields = [(name, value) for name, value in ast.iter_fields(part) if value not in (None, [])]
    told = ", ".join(f"{name}={_shape(value)}" for name, value in fields)
    return f"{type(part).__name__}({told})"


def test_draft_has_all_that_is_judged() -> None:
    """With the profiles of the newest set, and nothing of a set that the suite does not have."""
    one = newest()
    sections = {case[0]: frozen.profile for case, frozen in one.cases.items() if frozen.profile}
    drafted = tomllib.loads(draft(one.profiles, sections))
    assert set(drafted["cases"]) == set(all_cases_and_properties())
    checks = {
        name: {check for level in ("must", "should", "robust") for check in case.get(level, ())}
        for name, case in drafted["cases"].items()
    }
    assert checks == {name: set(case.checks) for name, case in all_cases_and_properties().items()}
    assert set(drafted["alternatives"]) == set(ALTERNATIVES)


def test_profiles_hold_the_catalogue_once() -> None:
    """Each of the hundred cases is in just one profile."""
    listed = [case for profile in newest().profiles for case in newest().cases_of(profile)]
    assert sorted(listed) == sorted(CATALOGUE)
    assert len(listed) == 100


@pytest.mark.parametrize("name", all_sets())
def test_set_has_cases_of_the_catalogue_only(name: str) -> None:
    """A case that is gone would be counted by nobody."""
    assert set(all_sets()[name].cases) <= set(all_cases_and_properties())


def test_newest_set_is_the_default() -> None:
    """The one that is released; a draft is scored by who names it."""
    assert find_set(None) is newest()
    assert newest().released is not None
    assert find_set("2026.1").name == "2026.1"


def test_unknown_set_is_told_with_the_nearest(tmp_path: Path) -> None:
    """On the command line and in a baseline."""
    with pytest.raises(UnknownSetError, match=r"no set '2026'; did you mean '2026\.1'\?"):
        find_set("2026")
    file = tmp_path / "baseline.yaml"
    file.write_text('requirements: "2026.11"', encoding="utf-8")
    with pytest.raises(BaselineError, match=r"baseline\.yaml: requirements: there is no set"):
        load_baseline(file)


def test_baseline_may_name_what_is_judged_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that was withdrawn costs no build that expects it to fail."""
    frozen = msgspec.structs.replace(newest().cases["C09"], must=("withdrawn",))
    old = msgspec.structs.replace(newest(), name="2025.1", cases={"C09": frozen})
    monkeypatch.setattr(requirements, "all_sets", lambda: {"2025.1": old})
    file = tmp_path / "baseline.yaml"
    file.write_text("expected_failures: [{id: 'C09:withdrawn', reason: x}]", encoding="utf-8")
    assert [one.id for one in load_baseline(file).entries] == ["C09:withdrawn"]


def test_profile_of_a_case_that_a_set_lacks_is_where_a_newer_one_has_it() -> None:
    """It is run with its profile, so that it can be seen before it counts."""
    rest = {name: one for name, one in newest().cases.items() if name != "C09"}
    older = msgspec.structs.replace(newest(), name="2026.0", cases=rest)
    assert in_profiles(older, ["core"], ["C09", "C08", "G01"]) == {"C09", "C08"}


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
