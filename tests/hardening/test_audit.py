"""What `make audit` makes of pip-audit's answers."""

import json
from collections.abc import Mapping

import pytest

from .audit import judged

FINDING = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
CLEAN = {"name": "b", "version": "1", "vulns": []}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def report(*dependencies: Mapping[str, object]) -> str:
    """Give what pip-audit prints."""
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_finding_fails() -> None:
    """A known vulnerability is named, with the version that has it no more."""
    status, told = judged(report(CLEAN, FINDING), "")
    assert status == 1
    assert "VULNERABLE: a 1: CVE-1, mended in 2" in told


def test_clean_versions_pass() -> None:
    """Without a finding, the count is all there is to say."""
    assert judged(report(CLEAN), "") == (0, ["1 versions audited"])


def test_version_that_nothing_is_known_of_is_told() -> None:
    """pip-audit calls it well; it is none."""
    status, told = judged(report(CLEAN, SKIPPED, SKIPPED), "No known vulnerabilities found")
    assert (status, told[0]) == (0, "1 versions audited")
    assert told[1] == "NOT AUDITED: 2 versions, c first: not found"


def test_finding_beside_what_is_not_known_fails() -> None:
    """What could not be looked up hides no finding."""
    assert judged(report(SKIPPED, FINDING), "")[0] == 1


@pytest.mark.parametrize("error", ["ConnectionError: no route", "Max retries exceeded"])
def test_data_out_of_reach_is_told_and_no_failure(error: str) -> None:
    """Without a network the step says so, and does not fail."""
    status, told = judged("", f"Traceback\n{error}\n")
    assert (status, told) == (0, [f"NOT AUDITED: its data can't be reached: {error}"])


@pytest.mark.parametrize("output", ["", "[]", "not JSON"])
def test_broken_audit_fails(output: str) -> None:
    """What is neither an answer nor a missing network is a failure."""
    assert judged(output, "usage: pip-audit") == (1, ["pip-audit broke: usage: pip-audit"])
