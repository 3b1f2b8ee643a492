"""The report for CI servers: JUnit XML, a suite for each profile."""

from io import BytesIO

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from ..runs.requirements import DRAWN, UNSCORED
from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.verdicts import NOT_PASSED, Verdict
from .findings import expired, findings, replay_command
from .foreign_text import cleaned


def write_junit(run: Run) -> str:
    """Give the XML, indented."""
    report = JUnitXml(cleaned(f"livestorm-mock: {run.ready.client.name}"))
    profile_of = run.requirements.shown_profile
    for profile in (*run.scores, DRAWN, UNSCORED):
        results = [one for one in run.results if profile_of(one.case.id) == profile]
        if results:
            suite = TestSuite(profile)
            suite.add_property("requirements", run.requirements.name)
            if run.unfinished:
                suite.add_property("unfinished", cleaned(run.unfinished))
            for result in results:
                suite.add_testcase(_testcase(result, profile))
            for told in expired(run, [one.case.id for one in results]):
                suite.add_property("expired", cleaned(told))
            report.add_testsuite(suite)
    written = BytesIO()
    report.write(written, pretty=True)
    return written.getvalue().decode()


def _testcase(result: CaseResult, profile: str) -> TestCase:
    name = f"{result.case.id} {result.case.name}"
    testcase = TestCase(cleaned(name), classname=profile, time=round(result.seconds, 3))
    if result.misses and not result.fails:
        testcase.result = [Skipped(cleaned(f"{UNSCORED}: {_text(result)}"))]
    elif result.verdict is Verdict.ERROR:
        testcase.result = [Error(cleaned(result.reason or "error"))]
    elif result.verdict in NOT_PASSED:
        testcase.result = [_failure(result)]
    elif result.verdict in (Verdict.SKIP, Verdict.XFAIL, Verdict.FLAKY):
        testcase.result = [Skipped(cleaned(result.reason or result.verdict.lower()))]
    elif result.verdict is Verdict.WARN:
        testcase.system_out = cleaned(_text(result))
    return testcase


def _failure(result: CaseResult) -> Failure:
    found = findings(result)
    kind = found[0].check if found else f"{result.case.id}:{result.verdict.lower()}"
    message = found[0].requirement if found else (result.reason or result.verdict)
    failure = Failure(cleaned(message), type_=kind)
    failure.text = cleaned(_text(result))
    return failure


def _text(result: CaseResult) -> str:
    lines = [result.case.requirement, result.reason or ""]
    for finding in findings(result):
        lines += [f"{finding.told}: {finding.requirement}", finding.found]
        lines += [f"  {step}" for step in finding.steps]
    lines.append(replay_command(result) or "")
    return "\n".join(line for line in lines if line)
