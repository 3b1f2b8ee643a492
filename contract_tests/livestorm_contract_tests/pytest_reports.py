"""The reports of a pytest session: the cases that were tests, put together as runs again."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from .driving.command_adapter import CommandAdapter
from .driving.messages import Ready
from .driving.under_test import ClientUnderTest, InProcessClient, StdioClient
from .report.files import ReportFiles, write_reports
from .report.findings import scores_told
from .runs.baseline import Baseline, Entry
from .runs.catalogue import all_cases_and_properties
from .runs.exact_json import read_exact, write_exact
from .runs.requirements import find_set
from .runs.run import Run
from .runs.whole_file import SameFileError, check_distinct, check_writable
from .suite.case_result import CaseResult
from .suite.settings import Settings
from .suite.verdicts import CheckResult, Verdict


class ResultRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A result on its way between processes: the case by its id."""

    case: str
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    reason: str | None
    seconds: float
    is_broken: bool
    variants: tuple[str, ...]
    skipped: Mapping[str, str]
    left_open: tuple[str, ...]
    only_if: tuple[str, ...]
    replay: str | None
    script: Mapping[str, object] | None
    hung_at: Mapping[str, object] | None
    scored: bool


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A run of one case, and the suite that it is a test of."""

    suite: str
    client: str
    command: tuple[str, ...]
    ready: Ready
    seed: str
    strict: bool
    requirements: str
    baseline: Baseline
    expired: tuple[Entry, ...]
    unfinished: str | None
    got_ready: bool
    result: ResultRecord
    plain: ResultRecord


def as_json(run: Run, suite: str) -> str:
    """Give a run of one case."""
    (result,), (plain,) = run.results, run.plain
    record = RunRecord(
        suite=suite,
        client=run.client.name,
        command=tuple(run.client.command) if isinstance(run.client, StdioClient) else (),
        ready=run.ready,
        seed=run.settings.seed,
        strict=run.settings.strict,
        requirements=run.requirements.name,
        baseline=run.baseline,
        expired=tuple(run.expired),
        unfinished=run.unfinished,
        got_ready=run.got_ready,
        result=_recorded(result),
        plain=_recorded(plain),
    )
    return write_exact(record).decode()


class PytestReports:
    """Hears of all tests of a session, and writes reports of the cases among them at its end.

    `attribute` is where pytest's report of a test has what its case came to. Several suites in one
    session get a report each, with the suite's name in the file's. Raises pytest.UsageError.
    """

    def __init__(self, files: Mapping[str, str], *, attribute: str) -> None:
        self._attribute = attribute
        self._files = {name: Path(file) for name, file in files.items()}
        self._suites: dict[str, dict[str, RunRecord]] = {}
        self._told: list[str] = []
        named = [(f"--livestorm-{name}", path) for name, path in ReportFiles(**self._files).reports]
        for option, path in named:
            try:
                check_writable(path)
            except OSError as error:
                told = f"{option}: {error.filename}: can't be written: {error.strerror}"
                raise pytest.UsageError(told) from None
        try:
            check_distinct(named)
        except SameFileError as error:
            raise pytest.UsageError(str(error)) from None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a case came to, where the test was one."""
        kept = getattr(report, self._attribute, None)
        if kept is not None:
            record = read_exact(kept, RunRecord)
            self._suites.setdefault(record.suite, {})[record.result.case] = record

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the reports."""
        for suite, records in sorted(self._suites.items()):
            run, files = run_of(list(records.values())), self._files_of(suite)
            failed = write_reports(run, ReportFiles(**files))
            written = [str(path) for name, path in files.items() if name not in failed]
            self._told.append("; ".join([f"{suite}: {scores_told(run)}", ", ".join(written)]))
            self._told += [f"{suite}: --livestorm-{name}: {why}" for name, why in failed.items()]
            if failed:
                session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell where they are."""
        for told in self._told or ["no test of a ContractSuite ran, so that no report was written"]:
            terminalreporter.write_line(f"livestorm: {told}")

    def _files_of(self, suite: str) -> dict[str, Path]:
        if len(self._suites) == 1:
            return self._files
        return {name: path.with_stem(f"{path.stem}-{suite}") for name, path in self._files.items()}


def run_of(records: list[RunRecord]) -> Run:
    """Put the cases of a suite together as one run."""
    first = next((one for one in records if one.got_ready), records[0])
    return Run(
        client=_client(first),
        ready=first.ready,
        got_ready=first.got_ready,
        unfinished=next((one.unfinished for one in records if one.unfinished), None),
        settings=Settings(seed=first.seed, strict=first.strict),
        requirements=find_set(first.requirements),
        results=sorted((_result(one.result) for one in records), key=lambda one: one.case.id),
        plain=[_result(one.plain) for one in records],
        baseline=first.baseline,
        expired=list({entry.id: entry for one in records for entry in one.expired}.values()),
    )


def _client(record: RunRecord) -> ClientUnderTest:
    if record.command:
        return StdioClient(name=record.client, command=record.command)
    return InProcessClient(name=record.client, make=_not_here)


def _not_here() -> CommandAdapter:
    raise NotImplementedError("the adapter is in another process")


def _recorded(result: CaseResult) -> ResultRecord:
    members = {name: getattr(result, name) for name in ResultRecord.__struct_fields__}
    return ResultRecord(**{**members, "case": result.case.id})


def _result(record: ResultRecord) -> CaseResult:
    members = {name: getattr(record, name) for name in ResultRecord.__struct_fields__}
    return CaseResult(**{**members, "case": all_cases_and_properties()[record.case]})
