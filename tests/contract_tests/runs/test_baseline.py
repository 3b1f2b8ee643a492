"""The baseline: known failures that are run, and must fail."""

import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.runs.baseline import (
    Baseline,
    Entry,
    applied,
    expired,
    not_applicable,
    with_failures,
    without_passes,
)
from livestorm_contract_tests.runs.baseline_file import (
    BaselineError,
    load_baseline,
    save_baseline,
)
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.verdicts import NOT_PASSED, CheckResult, Level, Verdict

TODAY = date(2027, 1, 1)
CASE = all_cases_and_properties()["C09"]
PROPERTY = all_cases_and_properties()["P01"]
ABOVE = """\
expected_failures:
  # about A01
  - id: A01
    reason: one
  # about B01,
  # in two lines
  - {id: B01, reason: two}

  # about C01
  - id: C01
    reason: three  # its own
known_flaky:
  - {id: G01, reason: slow}
"""
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "))
ENTRIES = st.builds(
    Entry,
    id=st.sampled_from(list(all_cases_and_properties())),
    reason=PRINTABLE,
    until=st.none() | st.dates(),
    issue=st.none() | PRINTABLE,
    only_if=st.none() | PRINTABLE,
)


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
    "verdict", [Verdict.FAIL, Verdict.WARN, Verdict.HANG, Verdict.CRASH, Verdict.ERROR]
)
def test_case_that_is_listed_may_end_in_any_bad_way(tmp_path: Path, verdict: Verdict) -> None:
    """An expected failure covers what is not judged, too, and then nothing is broken."""
    file = tmp_path / "baseline.yaml"
    file.write_text(EXPECTED % "C09", encoding="utf-8")
    result = CaseResult(case=CASE, verdict=verdict, is_broken=verdict is Verdict.ERROR)
    seen = applied(result, load_baseline(file), TODAY)
    assert (seen.verdict, seen.is_broken) == (Verdict.XFAIL, False)


@pytest.mark.parametrize("entry", ["P01", "P01:INV-2"])
def test_property_that_passes_is_not_stale(tmp_path: Path, entry: str) -> None:
    """That nothing was found among what was drawn does not show that nothing is there."""
    baseline = cast("Baseline", read(tmp_path, EXPECTED % entry))
    check = CheckResult(check="P01:INV-2", level=Level.MUST, verdict=Verdict.PASS, requirement="x")
    result = CaseResult(case=PROPERTY, verdict=Verdict.PASS, checks=[check])
    assert applied(result, baseline, TODAY).verdict is Verdict.PASS


def test_entry_that_has_expired_is_named(tmp_path: Path) -> None:
    """On the day after `until`, of the cases that are run."""
    text = (
        "expected_failures: [{id: 'C09:kind', reason: x, until: 2026-12-31},"
        " {id: C08, reason: x, until: 2026-12-31}, {id: C09, reason: x, until: 2027-01-01}]"
    )
    found = expired(cast("Baseline", read(tmp_path, text)), [CASE], TODAY)
    assert [one.id for one in found] == ["C09:kind"]


def failing(verdict: Verdict, *checks: str) -> CaseResult:
    """Give a result of C09 with checks that failed."""
    judged = [
        CheckResult(check=one, level=Level.MUST, verdict=Verdict.FAIL, requirement="it holds")
        for one in checks
    ]
    return CaseResult(case=CASE, verdict=verdict, checks=judged)


@pytest.mark.parametrize(
    ("result", "ids"),
    [
        (failing(Verdict.FAIL, "C09:kind"), ["C09:kind"]),
        (failing(Verdict.WARN, "C09:kind"), ["C09:kind"]),
        (failing(Verdict.HANG, "C09:kind"), ["C09"]),
        (failing(Verdict.ERROR), ["C09"]),
        (replace(failing(Verdict.FAIL, "P01:INV-2"), case=PROPERTY), ["P01"]),
        (failing(Verdict.PASS), []),
    ],
)
def test_what_fails_is_added(result: CaseResult, ids: list[str]) -> None:
    """A failure by its checks, what luck has a part in as a whole; after that nothing fails."""
    baseline = with_failures(Baseline(), [result])
    assert [one.id for one in baseline.expected_failures] == ids
    assert applied(result, baseline, TODAY).verdict not in NOT_PASSED


@pytest.mark.parametrize(
    ("first", "second", "expected", "flaky"),
    [
        (failing(Verdict.FAIL, "C09:kind"), failing(Verdict.PASS), [], ["C09:kind"]),
        (failing(Verdict.HANG), failing(Verdict.PASS), [], ["C09"]),
        (failing(Verdict.HANG), failing(Verdict.FAIL, "C09:kind"), ["C09"], []),
        (failing(Verdict.FAIL, "C09:kind"), failing(Verdict.CRASH), ["C09"], []),
        (
            failing(Verdict.FAIL, "C09:kind", "C09:code-once"),
            failing(Verdict.FAIL, "C09:kind", "C09:store-unchanged"),
            ["C09:kind"],
            ["C09:code-once", "C09:store-unchanged"],
        ),
    ],
)
def test_what_fails_once_of_twice_is_flaky(
    first: CaseResult, second: CaseResult, expected: list[str], flaky: list[str]
) -> None:
    """By its checks, or as a whole; after that nothing fails in either way."""
    baseline = with_failures(Baseline(), [first], {"C09": second})
    assert [one.id for one in baseline.expected_failures] == expected
    assert [one.id for one in baseline.known_flaky] == flaky
    for result in (first, second):
        assert applied(result, baseline, TODAY).verdict not in NOT_PASSED


def test_what_passes_is_removed() -> None:
    """The entry of a check that passes goes, with those of its case; what fails stays."""
    ids = ("C09", "C09:kind", "C09:store-unchanged", "C08")
    baseline = Baseline(expected_failures=tuple(Entry(id=one, reason="x") for one in ids))
    passed = CheckResult(check="C09:kind", level=Level.MUST, verdict=Verdict.XPASS, requirement="x")
    result = replace(failing(Verdict.XFAIL, "C09:store-unchanged"), checks=[passed])
    left = without_passes(baseline, [result]).expected_failures
    assert [one.id for one in left] == ["C09", "C09:store-unchanged", "C08"]


@pytest.mark.parametrize("entry", ["C09", "C09:kind"])
def test_case_without_all_its_variants_is_not_stale(tmp_path: Path, entry: str) -> None:
    """What fails may be in a variant that was left out: it is neither stale nor removed."""
    baseline = cast("Baseline", read(tmp_path, EXPECTED % entry))
    passed = CheckResult(check="C09:kind", level=Level.MUST, verdict=Verdict.PASS, requirement="x")
    quick = replace(CASE, variants=CASE.variants[:1], left_out=["403"])
    result = CaseResult(case=quick, verdict=Verdict.PASS, checks=[passed])
    seen = applied(result, baseline, TODAY)
    assert seen.verdict is Verdict.PASS
    assert without_passes(baseline, [seen]) == baseline


@pytest.mark.parametrize(
    ("result", "is_kept"),
    [
        (failing(Verdict.PASS), False),
        (replace(failing(Verdict.PASS), skipped={"403": "not-supported"}), True),
        (replace(failing(Verdict.PASS), left_open=["C09:kind"]), True),
    ],
)
def test_entry_of_a_check_that_was_not_made_goes_where_its_case_was_judged_in_full(
    result: CaseResult, is_kept: bool
) -> None:
    """A variant that was skipped may be where it fails."""
    baseline = Baseline(expected_failures=(Entry(id="C09:kind", reason="x"),))
    assert bool(without_passes(baseline, [result]).entries) is is_kept


@pytest.mark.parametrize(
    ("seed", "own", "is_kept"), [("7", "7", False), ("8", "7", True), ("8", None, True)]
)
@pytest.mark.parametrize("entry", ["P01", "P01:INV-2"])
def test_property_is_removed_with_the_seed_of_the_baseline_only(
    entry: str, seed: str, own: str | None, is_kept: bool
) -> None:
    """Another seed draws other scripts, which may pass by luck."""
    baseline = Baseline(seed=own, expected_failures=(Entry(id=entry, reason="x"),))
    result = CaseResult(case=PROPERTY, verdict=Verdict.PASS)
    assert bool(without_passes(baseline, [result], seed=seed).entries) is is_kept


def test_what_fails_under_an_open_question_only_is_no_failure_elsewhere() -> None:
    """Its entry says so: it lets that failure pass, no plain one, and is not stale by itself."""
    question = 'rotation = "instant"'
    under = replace(failing(Verdict.FAIL, "C09:kind"), only_if=[question])
    baseline = with_failures(Baseline(), [under])
    (entry,) = baseline.expected_failures
    assert entry.only_if == question
    assert applied(under, baseline, TODAY).verdict is Verdict.XFAIL
    plain, passed = failing(Verdict.FAIL, "C09:kind"), failing(Verdict.PASS)
    assert applied(plain, baseline, TODAY).verdict is Verdict.FAIL
    assert applied(passed, baseline, TODAY) == passed
    assert with_failures(baseline, [plain]).expected_failures[0].only_if is None
    assert without_passes(baseline, [passed]) == baseline
    assert without_passes(baseline, [passed], under_questions=True).entries == ()


@pytest.mark.parametrize("table", ["expected_failures", "known_flaky", "not_applicable"])
def test_entry_that_has_expired_makes_room_in_any_list(tmp_path: Path, table: str) -> None:
    """What is written down can be read again, as each id stands there once."""
    text = f"{table}: [{{id: 'C09:kind', reason: x, until: 2026-12-31}}]"
    file = tmp_path / "baseline.yaml"
    baseline = with_failures(
        cast("Baseline", read(tmp_path, text)), [failing(Verdict.FAIL, "C09:kind")]
    )
    save_baseline(file, baseline)
    assert [one.until for one in load_baseline(file).entries] == [None]


COMMENTED = """\
# why we have this file
expected_failures:
  - id: C09  # a gateway's errors
    reason: not told apart yet
  - {id: "C08:kind", reason: known}
not_applicable: []
"""

LAST = "seed: '7'\nrequirements: '2026.1'\n"


def test_file_keeps_its_comments(tmp_path: Path) -> None:
    """Lines of entries that stay are left as they are."""
    file = tmp_path / "baseline.yaml"
    file.write_text(COMMENTED, encoding="utf-8")
    baseline = load_baseline(file)
    kept = baseline.expected_failures[:1]
    added = Entry(id="G01", reason="no time-out", until=date(2027, 3, 1), issue="AB-1", only_if="a")
    save_baseline(file, msgspec.structs.replace(baseline, expected_failures=(*kept, added)))
    text = file.read_text(encoding="utf-8")
    assert text.startswith(COMMENTED.partition("  - {id")[0])
    assert "C08" not in text
    assert load_baseline(file).expected_failures == (*kept, added)


@pytest.mark.parametrize("gone", ["A01", "B01", "C01"])
def test_comment_goes_with_the_entry_below_it(tmp_path: Path, gone: str) -> None:
    """Who reads the file afterwards finds each comment above what it is about."""
    file = tmp_path / "baseline.yaml"
    file.write_text(ABOVE, encoding="utf-8")
    baseline = load_baseline(file)
    kept = tuple(one for one in baseline.expected_failures if one.id != gone)
    save_baseline(file, msgspec.structs.replace(baseline, expected_failures=kept))
    text = file.read_text(encoding="utf-8")
    assert load_baseline(file).expected_failures == kept
    for one in ("A01", "B01", "C01"):
        assert (f"# about {one}" in text) is (one != gone)
    assert text.endswith("known_flaky:\n  - {id: G01, reason: slow}\n")


def test_entry_that_changes_costs_no_other_its_comment(tmp_path: Path) -> None:
    """One that has expired is written anew where it fails; the rest of the file stays."""
    file = tmp_path / "baseline.yaml"
    file.write_text(ABOVE, encoding="utf-8")
    first, *others = load_baseline(file).expected_failures
    changed = (*others, msgspec.structs.replace(first, reason="again"))
    save_baseline(file, msgspec.structs.replace(load_baseline(file), expected_failures=changed))
    assert load_baseline(file).expected_failures == changed
    text = file.read_text(encoding="utf-8")
    assert "# about B01,\n  # in two lines\n" in text
    assert "# about C01\n" in text


def test_file_of_comments_keeps_them(tmp_path: Path) -> None:
    """What says nothing yet is added to."""
    file = tmp_path / "baseline.yaml"
    file.write_text("# ours\n", encoding="utf-8")
    entry = Entry(id="C09", reason="it's known: #1")
    save_baseline(file, Baseline(expected_failures=(entry,)))
    assert file.read_text(encoding="utf-8").startswith("# ours\n")
    assert load_baseline(file).expected_failures == (entry,)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            COMMENTED,
            COMMENTED.replace("expected", "seed: '7'\nrequirements: '2026.1'\nexpected", 1),
        ),
        ("seed: a  # ours\n" + COMMENTED, None),
        (f"{COMMENTED}seed: a\n", None),
        ("# ours\n", f"# ours\n{LAST}"),
    ],
)
def test_seed_and_set_are_those_of_the_last_writing(
    tmp_path: Path, text: str, wanted: str | None
) -> None:
    """A file without them gets them, above its lists; comments stay."""
    file = tmp_path / "baseline.yaml"
    file.write_text(text, encoding="utf-8")
    known = load_baseline(file)
    save_baseline(file, msgspec.structs.replace(known, seed="7", requirements="2026.1"))
    written = file.read_text(encoding="utf-8")
    assert (load_baseline(file).seed, load_baseline(file).requirements) == ("7", "2026.1")
    assert "# why we have this file" in written or "# ours" in written
    assert wanted is None or written == wanted


@given(st.lists(ENTRIES, max_size=6, unique_by=lambda one: one.id))
def test_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]
) -> None:
    """Any reason, in any script, comes back as it was."""
    file = tmp_path_factory.mktemp("baseline") / "baseline.yaml"
    baseline = Baseline(seed="1e5", expected_failures=tuple(entries))
    save_baseline(file, baseline)
    assert load_baseline(file) == baseline
    again = file.read_bytes()
    save_baseline(file, baseline)
    assert file.read_bytes() == again


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EXPECTED % "Z99", r"expected_failures\[0\].id is 'Z99'"),
        (EXPECTED % "c9", r"did you mean 'C09'\?"),
        (EXPECTED % "C09:kinds", r"did you mean 'C09:kind'\?"),
        ("expected_failures: []\nexpected_failures: []", "duplicate key"),
        (EXPECTED % "C09:nothing", "C09:nothing"),
        (
            "expected_failures: [{id: C09, reason: x}, {id: C09, reason: y, until: 2026-01-01}]",
            r"expected_failures\[1\].id is 'C09', as expected_failures\[0\].id is already",
        ),
        (
            "expected_failures: [{id: C09, reason: x}]\nknown_flaky: [{id: C09, reason: y}]",
            r"known_flaky\[0\].id is 'C09', as expected_failures\[0\].id is already",
        ),
        ("expected_failures: [{id: C09}]", "reason"),
        ("expected_failure: []", "expected_failure"),
        ("expected_failures: [{id: C09, reason: x, until: soon}]", "until"),
        ("a: [", "not valid YAML"),
        ("expected_failures: [{id: C09, reason: x, until: 2027-13-45}]", "not valid YAML"),
        (f"seed: {'9' * 6000}", "not valid YAML"),
        ("[" * 3000, "not valid YAML"),
        ("requirements: 2026.1", r"requirements: write '2026\.1' in quotes"),
        ("seed: 7", "seed: write '7' in quotes"),
        (EXPECTED % "nothing-like-it", r"and \d+ more: `livestorm-mock cases` lists all"),
        ("0", "object"),
        ("- C09", "object"),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """What is wrong is named, and where, in some lines at most."""
    with pytest.raises(BaselineError, match=words) as told:
        read(tmp_path, text)
    assert len(str(told.value)) < 500


@pytest.mark.parametrize("entry", ["P01", "P01:INV-2"])
def test_property_may_be_listed(tmp_path: Path, entry: str) -> None:
    """What is known to fail may be a drawn script, too."""
    assert read(tmp_path, EXPECTED % entry)


def test_empty_file_is_a_baseline(tmp_path: Path) -> None:
    """Nothing is known to fail."""
    assert read(tmp_path, "")


def test_file_without_an_end_is_refused() -> None:
    """What is no file is read so far, and no further."""
    with pytest.raises(BaselineError, match="more than 1000000 characters"):
        load_baseline(Path("/dev/zero"))


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(BaselineError, match=os.strerror(errno.ENOENT)):
        load_baseline(tmp_path / "none.yaml")
