"""What a change made better or worse."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.report.results import as_report, write_json
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.comparison import (
    Change,
    Comparison,
    ComparisonError,
    Report,
    compare,
    load_earlier,
)
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import BAD, CheckResult, Level, Verdict, worst

from ..report.finished_run import run_of

FILE = Path("old.json")
NAMES = ("kind", "code-once")
CHECKED = st.sampled_from((Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.XFAIL, Verdict.XPASS))


def result(verdict: Verdict, case: str = "C09", **checks: Verdict) -> CaseResult:
    """Make the result of a case with these verdicts on its checks."""
    made = [
        CheckResult(
            check=f"{case}:{name.replace('_', '-')}",
            level=Level.MUST,
            verdict=one,
            requirement="required",
        )
        for name, one in checks.items()
    ]
    return CaseResult(case=all_cases_and_properties()[case], verdict=verdict, checks=made)


def run_with(*results: CaseResult) -> Run:
    """Make a run with these results."""
    return replace(run_of(Verdict.PASS), results=results)


def compared(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> Comparison:
    """Compare two runs."""
    return compare(FILE, as_report(run_with(*before)), as_report(run_with(*after)))


def ids(changes: Sequence[Change]) -> list[str]:
    """Give the ids of some changes."""
    return [one.id for one in changes]


FAILS = result(Verdict.FAIL, kind=Verdict.FAIL, code_once=Verdict.PASS)
PASSES = result(Verdict.PASS, kind=Verdict.PASS, code_once=Verdict.PASS)
WARNS = result(Verdict.WARN, kind=Verdict.WARN)
HANGS = result(Verdict.HANG, kind=Verdict.PASS)


def test_file_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    """It is named, whatever reads it."""
    file = tmp_path / "old.json"
    file.write_text('{"cases": ' + "[" * 200_000, encoding="utf-8")
    with pytest.raises(ComparisonError, match=r"old\.json: no report"):
        load_earlier(file)


@pytest.mark.parametrize(
    ("before", "after", "list_", "expected"),
    [
        (PASSES, FAILS, "newly_failing", ["C09:kind"]),
        (PASSES, WARNS, "newly_failing", ["C09:kind"]),
        (WARNS, FAILS, "newly_failing", ["C09:kind"]),
        (FAILS, WARNS, "still_failing", ["C09:kind"]),
        (FAILS, PASSES, "mended", ["C09:kind"]),
        (FAILS, FAILS, "still_failing", ["C09:kind"]),
        (PASSES, HANGS, "newly_failing", ["C09"]),
        (HANGS, PASSES, "mended", ["C09"]),
        (HANGS, result(Verdict.XFAIL), "still_failing", ["C09"]),
        (FAILS, result(Verdict.XFAIL, kind=Verdict.XFAIL), "still_failing", ["C09:kind"]),
        (FAILS, result(Verdict.SKIP), "not_judged", ["C09:kind"]),
        (result(Verdict.SKIP), FAILS, "newly_failing", ["C09:kind"]),
        (
            result(Verdict.FAIL, authorization_taken=Verdict.FAIL),
            PASSES,
            "mended",
            ["C09:authorization-taken"],
        ),
    ],
)
def test_check_is_in_the_list_of_what_became_of_it(
    before: CaseResult, after: CaseResult, list_: str, expected: list[str]
) -> None:
    """A check that is made only where it fails has passed where its case was judged without it."""
    assert ids(getattr(compared([before], [after]), list_)) == expected


RESULTS = st.builds(
    lambda checks, end: result(
        end or worst([one if one in BAD else Verdict.PASS for one in checks]),
        **dict(zip(NAMES, checks, strict=True)),
    ),
    st.tuples(CHECKED, CHECKED),
    st.none() | st.sampled_from((Verdict.HANG, Verdict.SKIP, Verdict.FLAKY)),
)


@given(RESULTS, RESULTS)
def test_what_is_worse_one_way_is_no_worse_the_other_way(
    one: CaseResult, other: CaseResult
) -> None:
    """A check is in one list at most, and a run beside itself has nothing new."""
    there, back = compared([one], [other]), compared([other], [one])
    assert not set(ids(there.newly_failing)) & set(ids(back.newly_failing))
    listed = [
        *ids(there.newly_failing),
        *ids(there.mended),
        *ids(there.still_failing),
        *ids(there.not_judged),
    ]
    assert len(listed) == len(set(listed))
    same = compared([one], [one])
    assert (same.newly_failing, same.mended, same.differences) == ((), (), ())


def test_cases_that_come_and_go_are_named() -> None:
    """What is new, what the suite does not have any more, and what was not asked for."""
    old = json.loads(write_json(run_with(FAILS, result(Verdict.PASS, "C08"))))
    old["cases"].append({**old["cases"][0], "case": "Z01"})
    found = compare(FILE, load(old), as_report(run_with(PASSES, result(Verdict.PASS, "A01"))))
    assert (found.new_cases, found.gone_cases, found.not_run) == (("A01",), ("Z01",), ("C08",))


def load(document: object) -> Report:
    """Read a report from a document."""
    return msgspec.convert(document, Report)


def test_what_else_is_not_as_it_was_is_said() -> None:
    """Another seed, set, suite, client, choice of profiles, or strictness."""
    run = run_with(PASSES)
    old = json.loads(write_json(run))
    old["suite"] = {"name": "livestorm-mock", "version": 1}
    now = replace(run, settings=Settings(seed="8", strict=True))
    found = compare(FILE, load(old), as_report(replace(now, results=[result(Verdict.PASS, "G01")])))
    told = {one.partition(":")[0] for one in found.differences}
    assert told == {"set", "suite", "seed", "strict", "profiles"}
    assert "set: none before, 2026.1 now" in found.differences


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no report of `check --json`"),
        ("{}", "missing required field `suite`"),
        ("[]", "no report"),
        ("\\xff", "no report"),
    ],
)
def test_file_that_is_no_report_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """It is named, with what is wrong."""
    file = tmp_path / "old.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ComparisonError, match=words) as raised:
        load_earlier(file)
    assert str(file) in str(raised.value)


def test_what_can_not_be_read_is_refused(tmp_path: Path) -> None:
    """A file that is not there, and one without an end."""
    with pytest.raises(ComparisonError, match="can't be read"):
        load_earlier(tmp_path / "none.json")
    with pytest.raises(ComparisonError, match="more than"):
        load_earlier(Path("/dev/zero"))


def test_what_passes_in_the_first_variant_is_not_mended() -> None:
    """What failed may have failed in one that was left out, which is said."""
    (whole,) = run_with(result(Verdict.PASS, kind=Verdict.PASS)).results
    quick = replace(whole, case=replace(whole.case, left_out=["403"]))
    found = compared([result(Verdict.FAIL, kind=Verdict.FAIL)], [quick])
    assert (found.mended, ids(found.not_judged)) == ((), ["C09:kind"])
    assert found.differences == ("--fast: false before, true now",)
    hung = compared([result(Verdict.HANG)], [quick])
    assert (hung.mended, ids(hung.not_judged)) == ((), ["C09"])
