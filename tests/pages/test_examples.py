"""The page of the examples is true: what it shows is in the files, and plays end as it says."""

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from livestorm_contract_tests.check_options import quick
from livestorm_contract_tests.driving.carrier import Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.properties.properties import PROPERTIES
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.causes import causes
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from ..contract_tests.programs import need_program
from ..contract_tests.some_cases import ALL, some_of
from . import examples
from .examples import EXAMPLES, Example, Told
from .parts import part_of

TEXT = examples.PAGE.read_text(encoding="utf-8")
NAMES = [one.name for one in EXAMPLES]
EACH = 9
"""A run of all tests plays one case in so many of each version."""
NEEDED = {"fastapi": (), "cron": ("sh", "curl", "jq", "flock"), "next": ("node",)}
"""The programs that an example needs."""

_TOLD = re.compile(r"^\*\*\d+\. (.+)\*\* \((.+)\)$", re.MULTILINE)


def told_by_page(example: Example) -> list[Told]:
    """Give the causes that the page names, in its order."""
    found = _TOLD.findall(part_of(TEXT, f"{example.name} changes"))
    return [Told(title=title, counted=counted) for title, counted in found]


def failed_by_page(example: Example) -> list[str]:
    """Give the cases that the page says the naive version fails, but for those that hang."""
    listed, _, _ = part_of(TEXT, f"{example.name} failed").partition("Hung")
    return re.findall(r"\b[A-Z]\d\d\b", listed)


def module(path: Path) -> ModuleType:
    """Load a file of an example, whose name may be that of another's."""
    name = f"example_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def launch(example: Example, *, repaired: bool) -> Callable[[], Carrier]:
    """Give what starts a version: FastAPI's in this process, where its imports are paid for."""
    if example.name != "fastapi":
        return example.client(repaired=repaired).launch
    adapter = module(example.folder / example.adapter)
    application = module(example.folder / f"{example.versions[repaired]}.py")
    return lambda: InProcessCarrier(lambda: adapter.Adapter(application))


def put(
    example: Example, names: Sequence[str], *, repaired: bool, whole: bool = ALL
) -> list[CaseResult]:
    """Put cases to a version, or the first variant of each."""
    for program in NEEDED[example.name]:
        need_program(program)
    known = all_cases_and_properties()
    cases = [known[name] if whole else quick(known[name]) for name in names]
    settings = Settings(seed=examples.SEED, strict=repaired, workers=2)
    _, results = run_cases(cases, launch(example, repaired=repaired), settings)
    return results


def passes(results: Sequence[CaseResult]) -> list[str]:
    """Give the cases that do not fail."""
    return [one.case.id for one in results if one.verdict is not Verdict.FAIL]


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_naive_version_fails_what_the_page_says(example: Example) -> None:
    """What fails in some variant only is played with all of them."""
    listed = [one for one in failed_by_page(example) if ALL or one not in PROPERTIES]
    names = some_of(listed, NAMES.index(example.name), of=EACH)
    assert names
    passed = passes(put(example, names, repaired=False))
    assert passed == [] or passes(put(example, passed, repaired=False, whole=True)) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_repaired_version_passes(example: Example) -> None:
    """Strictly, whatever it offers."""
    names = [one for one in all_cases_and_properties() if ALL or one not in PROPERTIES]
    results = put(example, some_of(names, NAMES.index(example.name), of=EACH), repaired=True)
    well = (Verdict.PASS, Verdict.SKIP)
    assert [(one.case.id, one.checks) for one in results if one.verdict not in well] == []
    assert Verdict.PASS in {one.verdict for one in results}


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_changes_are_those_of_the_files(example: Example) -> None:
    """The page has the naive file, and each function that changes, whole and once."""
    assert part_of(TEXT, f"{example.name} code") == examples.code(example)
    made = examples.changes(example, told_by_page(example))
    assert part_of(TEXT, f"{example.name} changes") == made, "make examples"
    changed = Counter(one.diff for one in examples.pieces_of(example) if one.is_changed)
    assert [diff for diff, times in changed.items() if made.count(diff) != times] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_each_finding_is_mended_by_something(example: Example) -> None:
    """No cause that fails the naive version is left without a function that names it."""
    named = {cause for piece in examples.pieces_of(example) for cause in piece.mends}
    assert named <= set(causes())
    assert {one.title for one in told_by_page(example)} <= {causes()[one].title for one in named}


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_page_shows_both_reports(example: Example) -> None:
    """The naive one has causes with remedies, the repaired one none."""
    naive, repaired = (part_of(TEXT, f"{example.name} {one}") for one in ("naive", "repaired"))
    assert naive.count("  FIX: ") >= 5
    assert "FIX" not in repaired
    assert "FAIL" not in repaired
    assert part_of(TEXT, "scores") == examples.scores(TEXT)
