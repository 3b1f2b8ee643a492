"""The suite inside a pytest of its own."""

import json
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from livestorm_contract_tests.driving.under_test import InProcessClient
from livestorm_contract_tests.pytest_plugin import REPORTS
from livestorm_contract_tests.pytest_reports import ResultRecord
from livestorm_contract_tests.report.files import ReportFiles
from livestorm_contract_tests.report.results import write_json
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.jobs import jobs_of
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.runs.run import run_plan
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings

from .bites.c09 import SendsTheCodeAgain
from .model_client.client import ModelClient

pytest_plugins = ["pytester"]

ROOT = str(Path(__file__).parents[2])

SUITE = """
import sys
import msgspec
sys.path.insert(0, {root!r})
from livestorm_contract_tests.runs import requirements
from tests.contract_tests.bites.c09 import SendsTheCodeAgain
from tests.contract_tests.model_client.client import ModelClient
from livestorm_contract_tests.pytest_suite import ContractSuite

newest = requirements.newest()
frozen = newest.cases["C09"]
cases = {{**newest.cases, "C09": msgspec.structs.replace(frozen, must=frozen.must[:1])}}
older = msgspec.structs.replace(newest, name="old", cases=cases)
requirements.all_sets = lambda: {{"old": older, "2026.1": newest}}

class TestGood(ContractSuite):
    def make_adapter(self):
        return ModelClient()

class TestBad(ContractSuite):
    def make_adapter(self):
        return ModelClient(SendsTheCodeAgain)

class TestKnown(TestBad):
    baseline = "known.yaml"

class TestOlder(TestBad):
    requirements = "old"

class TestInterrupted(ContractSuite):
    def make_adapter(self):
        raise KeyboardInterrupt

class TestUnready(ContractSuite):
    def make_adapter(self):
        raise ValueError("no such app")
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run the suites with our plugin and with xdist only, as others take seconds to start."""
    pytester.makepyfile(SUITE.format(root=ROOT))
    pytester.makepyprojecttoml("[tool.pytest]\nstrict = true\n")
    (pytester.path / "known.yaml").write_text(
        'expected_failures: [{id: "C09:code-once", reason: known}]', encoding="utf-8"
    )
    plugins = ["-p", "livestorm_contract_tests.pytest_plugin", "-p", "xdist"]
    return pytester.run(sys.executable, "-m", "pytest", *plugins, *arguments, timeout=120)


@pytest.fixture(autouse=True)
def without_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin that is not named."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_suite_has_a_test_for_each_case(pytester: pytest.Pytester) -> None:
    """`-k C09` passes, fails with what was said, and is expected to fail, a test each."""
    done = run(pytester, "-k", "C09")
    done.assert_outcomes(
        passed=1, failed=1, xfailed=2, deselected=done.parseoutcomes()["deselected"]
    )
    done.stdout.fnmatch_lines(["*FAIL C09 exchange/jsonapi-error", "*C09:code-once*", "*said*"])


def test_profile_is_a_marker(pytester: pytest.Pytester) -> None:
    """`-m "livestorm_case(profile='core')"` collects C09."""
    done = run(pytester, "--collect-only", "-q", "-m", "livestorm_case(profile='core')")
    done.stdout.fnmatch_lines(["*TestGood::test_case?C09-exchange/jsonapi-error?"])


def test_suite_runs_in_parallel(pytester: pytest.Pytester) -> None:
    """Two workers that run C09 at once both see it pass."""
    done = run(pytester, "-k", "C09 and TestGood", "-n", "2", "--dist", "each")
    assert done.parseoutcomes()["passed"] == 2


def test_variant_that_is_skipped_is_told_by_rs(pytester: pytest.Pytester) -> None:
    """With its reason, beside the test of its case, which passes."""
    done = run(pytester, "-k", "A02 and TestGood", "-rs")
    assert {**done.parseoutcomes(), "deselected": 0} == {"passed": 1, "skipped": 1, "deselected": 0}
    done.stdout.fnmatch_lines(["SKIPPED*: A02 (public): not-supported: *"])


def test_what_is_not_scored_is_expected_to_fail(pytester: pytest.Pytester) -> None:
    """By the set that the suite names, what a newer one demands fails no test."""
    done = run(pytester, "-k", "C09 and TestOlder", "-rx")
    assert done.parseoutcomes()["xfailed"] == 1
    done.stdout.fnmatch_lines(["*not met, and not scored by old: C09:code-once*"])


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_report_is_that_of_check(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    """Wherever the tests were run."""
    file = pytester.path / "report.json"
    told = f"--livestorm-json={file}"
    done = run(pytester, "-k", "(C09 or A02 or B04) and TestBad", told, *options)
    done.stdout.fnmatch_lines(["livestorm: TestBad: core *report.json"])
    settings = Settings(seed="pytest", workers=1)
    plan = Plan(
        client=InProcessClient(name="TestBad", make=lambda: ModelClient(SendsTheCodeAgain)),
        jobs=jobs_of([all_cases_and_properties()[one] for one in ("A02", "B04", "C09")], settings),
        settings=settings,
    )
    assert told_by(file.read_text(encoding="utf-8")) == told_by(write_json(run_plan(plan)))


def told_by(report: str) -> object:
    """Give what a report tells; of evidence, which has ports and random texts, its members."""
    document = json.loads(report)
    for check in (check for case in document["cases"] for check in case["checks"]):
        check["evidence"] = sorted(check["evidence"])
    return document


def test_each_suite_has_a_report(pytester: pytest.Pytester) -> None:
    """Named after it, in all formats."""
    options = [f"--livestorm-{name}=report.{name}" for name in REPORTS]
    run(pytester, "-k", "C09 and (TestBad or TestGood or TestKnown)", *options)
    verdicts = {
        suite: json.loads((pytester.path / f"report-{suite}.json").read_text())["cases"][0][
            "verdict"
        ]
        for suite in ("TestBad", "TestGood", "TestKnown")
    }
    assert verdicts == {"TestBad": "FAIL", "TestGood": "PASS", "TestKnown": "XFAIL"}
    assert all((pytester.path / f"report-TestBad.{name}").exists() for name in REPORTS)


def test_report_that_can_not_be_written_is_told_before_any_test(pytester: pytest.Pytester) -> None:
    """As wrong usage of pytest."""
    done = run(pytester, "--livestorm-html", "/nothing/there.html")
    assert done.ret is pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--livestorm-html: /nothing: can't be written: No such file*"])


def test_session_without_cases_writes_nothing(pytester: pytest.Pytester) -> None:
    """And says so."""
    pytester.makepyfile(test_other="def test_it(): pass")
    done = run(pytester, "test_other.py", "--livestorm-html", "report.html")
    done.stdout.fnmatch_lines(["livestorm: no test of a ContractSuite ran*"])
    assert not (pytester.path / "report.html").exists()


def test_every_report_of_check_has_an_option() -> None:
    """The plugin loads none of what writes them before one is asked for. A run within pytest is
    watched on pytest's own lines.
    """
    assert tuple(one.name for one in fields(ReportFiles)) == (*REPORTS, "live")


def test_record_has_all_of_a_result() -> None:
    """What travels between processes lacks nothing that a report shows."""
    assert {one.name for one in fields(CaseResult)} == set(ResultRecord.__struct_fields__)


def test_two_reports_in_one_file_are_refused(pytester: pytest.Pytester) -> None:
    """Before any test, as wrong usage of pytest."""
    options = ("--livestorm-html", "report", "--livestorm-json", "./report")
    done = run(pytester, *options)
    assert done.ret is pytest.ExitCode.USAGE_ERROR
    told = "*--livestorm-json and --livestorm-html name one file: report*"
    done.stderr.fnmatch_lines([told])


def test_interrupted_case_ends_the_session(pytester: pytest.Pytester) -> None:
    """Ctrl-C in a case is one of the session, and no failure of that case."""
    done = run(pytester, "-k", "C09 and TestInterrupted")
    assert done.ret is pytest.ExitCode.INTERRUPTED
    assert "failed" not in done.parseoutcomes()


def test_adapter_that_can_not_be_made_is_an_error_in_the_report(
    pytester: pytest.Pytester,
) -> None:
    """With its reason, as in the test that fails by it."""
    done = run(pytester, "-k", "C09 and TestUnready", "--livestorm-json=report.json")
    done.assert_outcomes(failed=1, deselected=done.parseoutcomes()["deselected"])
    document = json.loads((pytester.path / "report.json").read_text(encoding="utf-8"))
    assert document["cases"][0]["verdict"] == "ERROR"
    assert "no such app" in document["unfinished"]
