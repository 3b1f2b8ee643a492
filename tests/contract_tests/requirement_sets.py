"""Draft a set of requirements from the cases: `python -m tests.contract_tests.requirement_sets`.

With a name, `2026.2`, it writes what the suite judges today, for the profiles of the newest set.
A draft becomes a set by its line `released = 2026-11-30`, and its hash in `released_sets.txt`.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.open_questions import ALTERNATIVES
from livestorm_contract_tests.runs.requirements import Profile, all_sets, draws_of
from livestorm_contract_tests.suite.case import Case
from livestorm_contract_tests.suite.verdict_book import IN_EACH_CASE
from livestorm_contract_tests.suite.verdicts import Level

ROOT = Path(__file__).parents[2]
SETS = ROOT / "contract_tests/livestorm_contract_tests/runs/requirement_sets"

HEAD = """\
# What a client is scored by. Once it is released, this file never changes: what the suite judges
# beyond it is run and shown. `requires` is what a client must be able to do for a profile to count;
# a client that lacks one of a case's `needs` is not asked by it; `draws` is of a property.
"""


def draft(profiles: Mapping[str, Profile], profile_of: Mapping[str, str]) -> str:
    """Give a set of all that is judged today; `profile_of` has a profile for each section."""
    lines = [HEAD]
    for name, profile in profiles.items():
        lines += [f"[profiles.{name}]", f"requires = {_list(profile.requires)}", ""]
    lines += ["[alternatives]"]
    lines += [f"{name} = {_list(values)}" for name, values in ALTERNATIVES.items()]
    lines += ["", "[in_each_case]", f"must = {_list(IN_EACH_CASE)}", ""]
    for case in all_cases_and_properties().values():
        lines += [f"[cases.{case.id}]", *_case(case, profile_of), ""]
    return "\n".join(lines)


def _case(case: Case, profile_of: Mapping[str, str]) -> Iterator[str]:
    if draws := draws_of(case):
        yield f"draws = {draws}"
    else:
        yield f'profile = "{profile_of[case.id[0]]}"'
    if case.needs:
        yield f"needs = {_list(case.needs)}"
    if variants := [one.name for one in case.variants if one.name]:
        yield f"variants = {_list(variants)}"
    for level in Level:
        if names := [name for name in case.checks if case.level_of(name) is level]:
            yield f"{level.lower()} = {_list(names)}"


def _list(values: Sequence[object] | Mapping[str, object]) -> str:
    """Write a list of texts and numbers as TOML has it, which is as JSON does."""
    return f"[{', '.join(json.dumps(one) for one in values)}]"


def main(name: str) -> None:
    """Write a draft. Raises FileExistsError where there is such a set."""
    newest = list(all_sets().values())[-1]
    sections = {case[0]: one.profile for case, one in newest.cases.items() if one.profile}
    with (SETS / f"{name}.toml").open("x", encoding="utf-8") as file:
        file.write(draft(newest.profiles, sections))


if __name__ == "__main__":
    main(*sys.argv[1:])
