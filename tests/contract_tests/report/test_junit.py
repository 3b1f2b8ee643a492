"""The report for CI servers."""

import xml.etree.ElementTree as ET

import pytest
from livestorm_contract_tests.report.junit import write_junit
from livestorm_contract_tests.suite.verdicts import Verdict

from .finished_run import run_of


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.PASS, None),
        (Verdict.WARN, "system-out"),
        (Verdict.FAIL, "failure"),
        (Verdict.HANG, "failure"),
        (Verdict.CRASH, "failure"),
        (Verdict.XPASS, "failure"),
        (Verdict.ERROR, "error"),
        (Verdict.SKIP, "skipped"),
        (Verdict.XFAIL, "skipped"),
    ],
)
def test_junit_has_the_element_of_the_verdict(verdict: Verdict, element: str | None) -> None:
    """A FAIL is a failure, an ERROR an error, an XFAIL skipped; a WARN passes and is told."""
    report = ET.fromstring(write_junit(run_of(verdict, reason="why")))  # noqa: S314
    testcase = report.find("testsuite/testcase")
    assert testcase is not None
    assert testcase.get("name") == "C09 exchange/jsonapi-error"
    assert [child.tag for child in testcase] == ([] if element is None else [element])


def test_junit_names_the_check() -> None:
    """The type of a failure is `C09:kind`, so that a CI server groups by the check."""
    failure = ET.fromstring(write_junit(run_of(Verdict.FAIL))).find(".//failure")  # noqa: S314
    assert failure is not None
    assert failure.get("type") == "C09:kind"
