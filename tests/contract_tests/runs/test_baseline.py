"""The baseline: known failures that are run, and must fail."""

import errno
import os
from datetime import date
from pathlib import Path

import pytest
from livestorm_contract_tests.runs.baseline import (
    BaselineError,
    applied,
    load_baseline,
    not_applicable,
)
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.verdicts import CheckResult, Level, Verdict

TODAY = date(2027, 1, 1)
CASE = all_cases()["C09"]


def read(tmp_path: Path, text: str) -> object:
    """Read a baseline from a text."""
    file = tmp_path / "baseline.yaml"
    file.write_text(text, encoding="utf-8")
    return load_baseline(file)


def judged(tmp_path: Path, text: str, **checks: Verdict) -> Verdict:
    """Give the verdict on a case whose checks went so, in the light of a baseline."""
    file = tmp_path / "baseline.yaml"
    file.write_text(text, encoding="utf-8")
    results = [
        CheckResult(
            check=f"C09:{name.replace('_', '-')}", level=Level.MUST, verdict=one, requirement="x"
        )
        for name, one in checks.items()
    ]
    worst = Verdict.FAIL if Verdict.FAIL in checks.values() else Verdict.PASS
    result = CaseResult(case=CASE, verdict=worst, checks=results)
    return applied(result, load_baseline(file), TODAY).verdict


EXPECTED = 'expected_failures: [{id: "%s", reason: known}]'


@pytest.mark.parametrize(
    ("entry", "kind", "store_unchanged", "verdict"),
    [
        ("C09", Verdict.FAIL, Verdict.PASS, Verdict.XFAIL),
        ("C09", Verdict.PASS, Verdict.PASS, Verdict.XPASS),
        ("C09:kind", Verdict.FAIL, Verdict.PASS, Verdict.XFAIL),
        ("C09:kind", Verdict.PASS, Verdict.PASS, Verdict.XPASS),
        ("C09:kind", Verdict.FAIL, Verdict.FAIL, Verdict.FAIL),
        ("C09:kind", Verdict.PASS, Verdict.FAIL, Verdict.FAIL),
    ],
)
def test_expected_failure_must_fail(
    tmp_path: Path, entry: str, kind: Verdict, store_unchanged: Verdict, verdict: Verdict
) -> None:
    """A case or a check that is listed and fails is no failure; one that passes is stale."""
    checks = {"kind": kind, "store_unchanged": store_unchanged}
    assert judged(tmp_path, EXPECTED % entry, **checks) is verdict


@pytest.mark.parametrize(
    ("until", "verdict"), [("2027-01-01", Verdict.XFAIL), ("2026-12-31", Verdict.FAIL)]
)
def test_entry_counts_until_its_last_day(tmp_path: Path, until: str, verdict: Verdict) -> None:
    """On the day of `until` it is an XFAIL, on the day after a FAIL."""
    text = f"expected_failures: [{{id: C09, reason: known, until: {until}}}]"
    assert judged(tmp_path, text, kind=Verdict.FAIL) is verdict


@pytest.mark.parametrize("kind", [Verdict.PASS, Verdict.FAIL])
def test_flaky_case_never_decides(tmp_path: Path, kind: Verdict) -> None:
    """Passed or failed, a case under `known_flaky` is FLAKY."""
    text = "known_flaky: [{id: C09, reason: timing}]"
    assert judged(tmp_path, text, kind=kind) is Verdict.FLAKY


def test_case_that_does_not_apply_is_named_with_its_reason(tmp_path: Path) -> None:
    """The reason of `not_applicable` is what is told in place of a verdict."""
    file = tmp_path / "baseline.yaml"
    file.write_text("not_applicable: [{id: C09, reason: no gateway}]", encoding="utf-8")
    assert not_applicable(CASE, load_baseline(file), TODAY) == "not-applicable: no gateway"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EXPECTED % "Z99", r"expected_failures\[0\].id is 'Z99'"),
        (EXPECTED % "C09:nothing", "C09:nothing"),
        ("expected_failures: [{id: C09}]", "reason"),
        ("expected_failure: []", "expected_failure"),
        ("expected_failures: [{id: C09, reason: x, until: soon}]", "until"),
        ("a: [", "not valid YAML"),
        ("- C09", "object"),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """What is wrong is named, and where."""
    with pytest.raises(BaselineError, match=words):
        read(tmp_path, text)


@pytest.mark.parametrize("entry", ["P01", "P01:INV-2"])
def test_property_may_be_listed(tmp_path: Path, entry: str) -> None:
    """What is known to fail may be a drawn script, too."""
    assert read(tmp_path, EXPECTED % entry)


def test_empty_file_is_a_baseline(tmp_path: Path) -> None:
    """Nothing is known to fail."""
    assert read(tmp_path, "")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(BaselineError, match=os.strerror(errno.ENOENT)):
        load_baseline(tmp_path / "none.yaml")
