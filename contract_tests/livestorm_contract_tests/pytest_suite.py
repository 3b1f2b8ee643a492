"""The suite inside a team's own pytest: subclass `ContractSuite`, get a test for each case.

    from livestorm_contract_tests.pytest_suite import ContractSuite

    class TestOurClient(ContractSuite):
        def make_adapter(self):
            return OurAdapter()

`pytest -k C09` runs one case, `-m "livestorm_case(profile='core')"` a profile. Each test has a fake
of its own, so that they run in parallel as they like. `pytest --livestorm-html FILE` and its like
write the reports of `livestorm-mock check`.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from .driving.command_adapter import CommandAdapter
from .driving.under_test import ClientUnderTest, InProcessClient, StdioClient
from .pytest_plugin import KEPT, wants_reports
from .pytest_reports import as_json
from .report.findings import findings, missed, skips
from .runs.baseline_file import load_baseline
from .runs.catalogue import all_cases_and_properties
from .runs.confirming import confirmed
from .runs.jobs import jobs_of
from .runs.plan import Plan
from .runs.requirements import find_set, newest
from .runs.run import run_plan
from .suite.case import Case
from .suite.case_result import CaseResult
from .suite.settings import Settings
from .suite.verdicts import Verdict


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=f"{case.id}-{case.name}",
            marks=pytest.mark.livestorm_case(profile=newest().shown_profile(case.id)),
        )
        for case in all_cases_and_properties().values()
    ]


class ContractSuite:
    """One test for each case of the catalogue, and for each property.

    A subclass gives an adapter in Python (`make_adapter`), or the `command` of one that is a
    process of its own, which the cases need that kill it, let it hang, or read what it prints.
    """

    command: ClassVar[tuple[str, ...]] = ()
    """What starts the adapter; without it, `make_adapter` is asked."""
    strict: ClassVar[bool] = False
    """Whether what only should be fails, too."""
    requirements: ClassVar[str | None] = None
    """The set by which the client is scored; without one that of the baseline, or the newest."""
    baseline: ClassVar[str | Path | None] = None
    """The file of what is known to fail."""
    seed: ClassVar[str] = "pytest"
    """What credentials, tokens and drawn answers come from."""

    def make_adapter(self) -> CommandAdapter:
        """Give a new adapter."""
        raise NotImplementedError("a subclass gives make_adapter, or command")

    @pytest.mark.parametrize("case", _parameters())
    def test_case(
        self, case: Case, request: pytest.FixtureRequest, subtests: pytest.Subtests
    ) -> None:
        """Put one case to the client."""
        settings = Settings(seed=self.seed, strict=self.strict, workers=1)
        baseline = load_baseline(None if self.baseline is None else Path(self.baseline))
        plan = Plan(
            client=self._client(),
            jobs=jobs_of([case], settings),
            settings=settings,
            requirements=find_set(self.requirements or baseline.requirements),
            baseline=baseline,
        )
        run, _ = confirmed(plan, run_plan(plan))
        if run.cut_off is not None:
            raise KeyboardInterrupt
        (result,) = run.results
        for told in _skipped(result):
            with subtests.test():
                pytest.skip(told)
        if wants_reports(request.config):
            request.node.stash[KEPT] = as_json(run, type(self).__name__)
        _report(result, missed(run), run.requirements.name)

    def _client(self) -> ClientUnderTest:
        if self.command:
            return StdioClient(name=shlex.join(self.command), command=self.command)
        return InProcessClient(name=type(self).__name__, make=self.make_adapter)


def _skipped(result: CaseResult) -> list[str]:
    """Tell what was not judged of a case that was: variants and checks, each with the reason."""
    return [
        f"{result.case.id} ({one.variants}): {one.reason}"
        for one in skips([result])
        if one.variants
    ]


def _report(result: CaseResult, missed: Sequence[str], requirements: str) -> None:
    """Pass, skip or fail as the verdict says; what is not scored is expected to fail."""
    passes = result.verdict in (Verdict.PASS, Verdict.WARN)
    if missed and (passes or not result.scored):
        pytest.xfail(f"not met, and not scored by {requirements}: {', '.join(missed)}")
    if passes:
        return
    if result.verdict in (Verdict.SKIP, Verdict.FLAKY):
        pytest.skip(result.reason or "skipped")
    if result.verdict is Verdict.XFAIL:
        pytest.xfail(result.reason or "expected-failure")
    pytest.fail(_text(result), pytrace=False)


def _text(result: CaseResult) -> str:
    case = result.case
    lines = [f"{result.verdict} {case.id} {case.name}", f"required: {case.requirement}"]
    lines += [result.reason] if result.reason else []
    for finding in findings(result):
        lines += [f"{finding.told}: {finding.requirement}"]
        lines += [f"  found: {finding.found}"] if finding.found else []
        lines += [f"  {step}" for step in finding.steps]
    return "\n".join([*lines, case.source])
