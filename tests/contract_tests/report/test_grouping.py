"""Root causes: the table, and how what did not pass is grouped by it."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.report.grouping import SEVERITIES, causes_of, severity_of
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties, all_checks
from livestorm_contract_tests.suite.case_result import CaseResult, merged
from livestorm_contract_tests.suite.causes import (
    ENDS,
    Cause,
    cause_by_check,
    cause_of,
    causes,
    causes_that_may_be,
)
from livestorm_contract_tests.suite.verdicts import Verdict

from .failing import failing, run_with

CHECKS = [
    f"{case.id}:{name}"
    for case in all_cases_and_properties().values()
    for name in (*all_checks(case), *ENDS)
]
LINK = re.compile(
    r"https://(www\.rfc-editor\.org/rfc/rfc\d{4}#section-\d+(\.\d+)*|jsonapi\.org/format/#[a-z-]+)"
)


def test_every_check_and_end_has_one_cause() -> None:
    """No check is without a cause, none is listed twice, and the table lists no other."""
    listed = Counter(check for one in causes().values() for check in one.checks.split())
    assert [check for check, times in listed.items() if times > 1] == []
    assert all(cause_of(check) for check in CHECKS)
    assert set().union(*map(causes_that_may_be, CHECKS)) == set(causes())
    known = {*CHECKS, *(check.partition(":")[2] for check in CHECKS)}
    parts = [check.partition("=") for check in listed]
    assert {check for check, _, _ in parts} - known == set()
    assert {kind for _, _, kind in parts} <= {"", *Kind}


def test_every_name_in_the_table_decides_for_some_check() -> None:
    """A name that each case overrules by a full id would be a dead row."""
    listed = {check for check in cause_by_check() if "=" not in check}
    by_name = {check.partition(":")[2] for check in CHECKS if check not in listed}
    assert {one for one in listed if ":" not in one} - by_name == set()


def test_titles_are_unique() -> None:
    """Two causes are told apart by their titles."""
    titles = [one.title for one in causes().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("cause", "source"),
    [
        ("state-missing", "RFC 6749, section 10.12"),
        ("jsonapi-error-taken-for-token", "JSON:API, errors"),
    ],
)
def test_source_is_told_in_words(cause: str, source: str) -> None:
    """A link has a text by which it is known without looking at its address."""
    assert causes()[cause].source == source


@pytest.mark.parametrize("cause", causes().values(), ids=list(causes()))
def test_cause_says_what_to_do(cause: Cause) -> None:
    """Kebab-case, a severity, a link, two to four sentences, and texts that fit a screen."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cause.id)
    assert severity_of(cause) in SEVERITIES
    assert LINK.fullmatch(cause.link)
    assert 2 <= len(re.findall(r"\.(?: |$)", cause.remedy)) <= 4
    assert (len(cause.title) <= 49, len(cause.first_step) <= 145) == (True, True)
    assert not cause.does.endswith(".")


def found(*results: CaseResult) -> list[tuple[str, int, str]]:
    """Give the causes of some results: id, how many cases each alone keeps back, its cases."""
    run = run_with(*results)
    return [
        (one.cause.id, one.alone, " ".join(result.case.id for result in one.cases))
        for one in causes_of(run)
    ]


def test_what_turns_most_cases_green_comes_first() -> None:
    """By the cases that a cause alone keeps back, then by severity; a mere warning comes last."""
    assert found(
        failing("A01", "present"),
        failing("D08", "recovers", "kind"),
        failing("F01", "kind"),
        failing("F02", "kind"),
        failing("A02", "challenge", verdict=Verdict.WARN),
    ) == [
        ("outage-misnamed", 2, "D08 F01 F02"),
        ("state-missing", 1, "A01"),
        ("failure-remembered", 0, "D08"),
        ("pkce-wrong", 0, "A02"),
    ]


def test_consequence_counts_for_the_cause_that_it_follows_from() -> None:
    """A reply that does not fit is told by itself only where no other check fails the case."""
    both = failing("C09", "reply-fits-journal", "kind")
    assert found(both) == [("jsonapi-error-taken-for-token", 1, "C09")]
    assert found(failing("C09", "reply-fits-journal")) == [("report-does-not-fit", 1, "C09")]


def test_exception_that_nobody_expects_is_the_cause_whatever_was_done() -> None:
    """Where a failure came out as `bug`, what to mend is how failures come out."""
    cases = [failing(name, "kind", reported=Kind.BUG) for name in ("B05", "C06", "E08", "F01")]
    assert found(*cases) == [("unexpected-exception", 4, "B05 C06 E08 F01")]
    assert found(failing("B05", "no-token-request", reported=Kind.BUG)) == [
        ("callback-error-ignored", 1, "B05")
    ]


@pytest.mark.parametrize(
    ("check", "cause"),
    [
        ("C15:connects", "lifetime-misread"),
        ("C18:accepted", "other-grant-not-read"),
        ("D02:accepted", "refresh-token-lost"),
        ("D08:recovers", "failure-remembered"),
        ("G07:decodes", "body-misread"),
        ("B11:limited", "foreign-text-passed-on"),
        ("C12:scrubbed", "secrets-shown"),
        ("H02:nothing-told", "secrets-shown"),
    ],
)
def test_check_that_says_what_went_wrong_keeps_its_cause(check: str, cause: str) -> None:
    """An error type of one's own makes no success, and hides no text that is put into it."""
    case, _, name = check.partition(":")
    assert found(failing(case, name, reported=Kind.BUG)) == [(cause, 1, case)]


def test_remedy_of_an_exception_covers_what_is_read_of_an_answer() -> None:
    """Bodies that can't be parsed (C13, C14, E07) and missing members (B05) end so, too."""
    remedy = causes()["unexpected-exception"].remedy
    assert "a body can't be parsed" in remedy
    assert "a member or the code of a callback is missing or odd" in remedy


@pytest.mark.parametrize(
    ("case", "reported", "cause"),
    [
        ("A08", Kind.OK, "unfinished-flow"),
        ("A08", Kind.RETRY_LATER, "errors-not-read"),
        ("C12", Kind.OK, "token-not-validated"),
        ("C12", Kind.CONFIG_ERROR, "odd-answer-breaks"),
        ("E02", Kind.PROTOCOL_ERROR, "errors-not-read"),
        ("E02", Kind.REAUTH_REQUIRED, "unauthorized-not-mended"),
        ("F01", Kind.REAUTH_REQUIRED, "limit-taken-for-logout"),
        ("F01", Kind.CONFIG_ERROR, "outage-misnamed"),
    ],
)
def test_what_was_reported_tells_the_cause(case: str, reported: Kind, cause: str) -> None:
    """The same answer can be misread in several ways, each with its own remedy."""
    check = "reported" if case == "A08" else "kind"
    assert found(failing(case, check, reported=reported)) == [(cause, 1, case)]


def test_case_counts_for_each_way_in_which_its_variants_fail() -> None:
    """Mending one of them does not make it pass, so that neither promises it."""
    ways = [failing("C12", "kind", reported=kind) for kind in (Kind.BUG, Kind.OK, Kind.BUG)]
    assert found(merged(ways)) == [
        ("token-not-validated", 0, "C12"),
        ("unexpected-exception", 0, "C12"),
    ]


def test_check_is_told_once_of_a_cause() -> None:
    """Two ways to fail with the same cause are one finding."""
    ways = [failing("B05", "kind", reported=kind) for kind in (Kind.OK, Kind.CONFIG_ERROR)]
    (one,) = causes_of(run_with(merged(ways)))
    assert [finding.check for finding in one.findings] == ["B05:kind"]


@pytest.mark.parametrize("verdict", [Verdict.XFAIL, Verdict.FLAKY, Verdict.SKIP, Verdict.PASS])
def test_what_the_baseline_expects_has_no_cause(verdict: Verdict) -> None:
    """A case that is expected to fail is not told again, whatever its checks say."""
    assert found(replace(failing("A01", "present"), verdict=verdict)) == []


def test_hang_has_a_cause_beside_those_of_the_checks() -> None:
    """What failed before is told, too, and the hang tells its reason."""
    hung = replace(failing("G01", "kind"), verdict=Verdict.HANG, reason="no reply")
    run = run_with(hung)
    by_id = {one.cause.id: one for one in causes_of(run)}
    assert set(by_id) == {"outage-misnamed", "no-time-out"}
    assert [one.found for one in by_id["no-time-out"].findings] == ["no reply"]


def test_what_leaves_a_case_unknown_comes_first() -> None:
    """An adapter that is broken is mended before anything else."""
    broken = replace(failing("F01"), verdict=Verdict.ERROR, reason="the adapter sent nonsense")
    assert [name for name, *_ in found(failing("A01", "present"), broken)] == [
        "adapter-broken",
        "state-missing",
    ]


def test_evidence_that_findings_share_is_told_once() -> None:
    """The second finding refers to the first."""
    run = run_with(failing("F02", "kind"), failing("F01", "kind"))
    (one,) = causes_of(run)
    assert [list(finding.steps) for finding in one.findings] == [
        ["told to call", "said ok"],
        ["as for F02:kind"],
    ]
