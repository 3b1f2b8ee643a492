"""How mutants are found, tried and explained."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.case import Case
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.verdicts import Verdict

from . import decided, plays, survivors
from .decided import Decided
from .mutants import Mutant, lines_that_run, read_change, statement_at
from .plays import Play, in_forks, reaching
from .survivors import Explained, read_line, stale

HERE = ("pacing.py", 7)
MUTANT = Mutant(id="m.x_f__mutmut_1", function="m.f", line="a = b | c", at=HERE)
BEFORE = ["", "def x_f__mutmut_orig(a):", "    if a:", "        return g(", "            a)"]


def nothing(lease: Lease) -> CaseResult:
    """Stand for a play that is not played."""
    return CaseResult(case=a_case(), verdict=Verdict.PASS)


def a_case() -> Case:
    """Give any case."""
    return next(iter(all_cases().values()))


def test_changed_line_is_told() -> None:
    """The name of the function is no change."""
    after = ["", "def x_f__mutmut_3(a):", "    if not a:", *BEFORE[3:]]
    assert read_change(BEFORE, after) == (2, "if not a:")


def test_removed_line_is_told() -> None:
    """Nothing stands in its place."""
    after = ["", "def x_f__mutmut_4(a):", *BEFORE[2:4]]
    assert read_change(BEFORE, after) == (4, "(a line is gone)")


def test_changed_head_is_told() -> None:
    """A default value, say."""
    after = ["", "def x_f__mutmut_5(a=1):", *BEFORE[2:]]
    assert read_change(BEFORE, after) == (1, "def x_f__mutmut_orig(a=1):")


def test_statement_runs_where_its_lines_do() -> None:
    """The head runs nowhere: what a call runs first stands for it."""
    code = compile(
        "x = 1\ndef f(\n    a,\n):\n    b = (\n        a\n    )\n    return b\n", "", "exec"
    )
    starts = sorted(set(lines_that_run(code)))
    assert statement_at(8, 2, 8, starts) == 8
    assert statement_at(7, 2, 8, [5, 8]) == 5
    assert statement_at(3, 2, 8, [2, 5, 8]) == 5


def test_plays_that_run_a_line_are_chosen() -> None:
    """The quickest first."""
    there = frozenset({HERE})
    given = [
        Play(case="A", name="A", run=nothing, seconds=3, lines=there),
        Play(case="B", name="B elsewhere", run=nothing, seconds=0.1, lines=frozenset()),
        Play(case="C", name="C", run=nothing, seconds=0.1, lines=there),
    ]
    assert [one.name for one in reaching(given, HERE)] == ["C", "A"]


def test_most_promising_plays_are_quick() -> None:
    """Of the long plays of a case one has to do."""
    here, there = frozenset({HERE}), frozenset({HERE, ("wire.py", 1)})
    given = [
        Play(case="A", name="A slow", run=nothing, seconds=3, lines=here),
        Play(case="A", name="A long", run=nothing, seconds=2, lines=there),
        Play(case="A", name="A quick", run=nothing, seconds=0.2, lines=frozenset()),
        Play(case="C", name="C", run=nothing, seconds=0.1, lines=here),
    ]
    assert [one.name for one in plays.most_promising(given)] == ["C", "A quick", "A long"]


def test_variants_that_run_the_same_lines_are_played_once() -> None:
    """The quickest of a case stands for them; another case looks at other things."""
    there, elsewhere = frozenset({HERE}), frozenset({("wire.py", 1)})
    given = [
        Play(case="A", name="A slow", run=nothing, seconds=3, lines=there),
        Play(case="A", name="A quick", run=nothing, seconds=0.2, lines=there),
        Play(case="A", name="A elsewhere", run=nothing, seconds=4, lines=elsewhere),
        Play(case="B", name="B", run=nothing, seconds=5, lines=there),
    ]
    assert {one.name for one in plays.distinct(given)} == {"A quick", "A elsewhere", "B"}


def test_every_case_and_property_is_played() -> None:
    """With all its variants."""
    names = [one.name for one in plays.all_plays()]
    assert len(names) == len(set(names))
    assert {name.split()[0] for name in names} == {*all_cases(), "P01", "P02", "P03", "P04"}


def test_forks_give_what_they_find() -> None:
    """One that dies or hangs costs itself only, and a long result comes whole."""
    works: list[Callable[[], object]] = [
        lambda: "x" * 200_000,
        partial(os._exit, 3),
        signal.pause,
        lambda: None,
    ]
    told = dict(in_forks(works, [30, 30, 0.2, 30], 2))
    assert told == {0: "x" * 200_000, 1: None, 2: None, 3: None}


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand for client and suite."""
    for name in ("client", "suite"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(decided, name.upper(), (tmp_path / name,))
    monkeypatch.setattr(decided, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        ("nothing", {"m1": "C09", "m2": None}),
        ("suite", {"m1": "C09"}),
        ("client", {}),
    ],
)
def test_run_goes_on(sources: Path, changed: str, known: dict[str, str | None]) -> None:
    """What survived a suite may not survive the next one; another client has other mutants."""
    first = Decided(sources / "decided.jsonl")
    first.add("m1", "C09")
    first.add("m2", None)
    (sources / changed).mkdir(exist_ok=True)
    (sources / changed / "new.py").write_text("")
    assert Decided(sources / "decided.jsonl").killers == known


def test_explanation_is_read() -> None:
    """Code may hold a bar."""
    line = read_line("m.* | a = b | c | it is the same")
    assert line == Explained(function="m.*", line="a = b | c", reason="it is the same")
    assert line.explains(MUTANT)
    assert not line.is_about(Mutant(id="", function="other.f", line="", at=HERE))


def test_stale_explanation_is_found() -> None:
    """One that explains no survivor; one about a function that was not tried may be needed."""
    needed = Explained(function="m.f", line="*", reason="")
    old = Explained(function="m.f", line="a = d", reason="")
    elsewhere = Explained(function="n.g", line="*", reason="")
    everywhere = Explained(function="*", line="a = e", reason="")
    given = [needed, old, elsewhere, everywhere]
    other = Mutant(id="n.x_g__mutmut_1", function="n.g", line="a = e", at=HERE)
    assert stale(given, [MUTANT], tried=[MUTANT], left_out=[other]) == [old]
    assert stale(given, [MUTANT], tried=[MUTANT, other], left_out=[]) == given[1:]


def test_every_explanation_has_a_reason() -> None:
    """A survivor without one is a gap."""
    assert all(one.function and one.line and one.reason for one in survivors.read_explained())
