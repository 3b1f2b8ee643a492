"""The suite inside a team's own pytest: subclass `ContractSuite`, get a test for each case.

    from livestorm_contract_tests.pytest_suite import ContractSuite

    class TestOurClient(ContractSuite):
        def make_adapter(self):
            return OurAdapter()

`pytest -k C09` runs one case, `-m "livestorm_case(profile='core')"` a profile. Each test has a fake
of its own, so that they run in parallel as they like.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from .driving.carrier import Carrier
from .driving.in_process import CommandAdapter, InProcessCarrier
from .driving.stdio import StdioCarrier
from .properties.properties import PROPERTIES, run_property
from .report.findings import findings
from .suite.baseline import Baseline, applied, load_baseline, not_applicable
from .suite.case import Case
from .suite.case_result import CaseResult
from .suite.catalogue import all_cases
from .suite.pool import Lease
from .suite.replay import known_cases
from .suite.runner import jobs_of, run_jobs
from .suite.sets import profile_of
from .suite.settings import Settings
from .suite.verdicts import Verdict


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=f"{case.id}-{case.name}",
            marks=pytest.mark.livestorm_case(profile=profile_of(case.id) or "unscored"),
        )
        for case in known_cases().values()
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
    baseline: ClassVar[str | Path | None] = None
    """The file of what is known to fail."""
    seed: ClassVar[str] = "pytest"
    """What credentials, tokens and drawn answers come from."""

    def make_adapter(self) -> CommandAdapter:
        """Give a new adapter."""
        raise NotImplementedError("a subclass gives make_adapter, or command")

    @pytest.mark.parametrize("case", _parameters())
    def test_case(self, case: Case) -> None:
        """Put one case to the client."""
        today = datetime.now(UTC).date()
        baseline = self._read_baseline()
        if reason := not_applicable(case, baseline, today):
            pytest.skip(reason)
        _report(applied(self._run(case), baseline, today))

    def _read_baseline(self) -> Baseline:
        if self.baseline is None:
            return Baseline()
        return load_baseline(Path(self.baseline), list(all_cases().values()))

    def _run(self, case: Case) -> CaseResult:
        settings = Settings(seed=self.seed, strict=self.strict, workers=1)
        for one in PROPERTIES:
            if one.case.id == case.id:
                lease = Lease(self._launch)
                try:
                    return run_property(one, lease, settings=settings, folder=None)
                finally:
                    lease.close()
        _, (result,) = run_jobs(jobs_of([case], settings), self._launch, settings)
        return result

    def _launch(self) -> Carrier:
        return StdioCarrier(self.command) if self.command else InProcessCarrier(self.make_adapter)


def _report(result: CaseResult) -> None:
    """Pass, skip or fail as the verdict says."""
    if result.verdict in (Verdict.PASS, Verdict.WARN):
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
        variant = f" ({finding.variant})" if finding.variant else ""
        lines += [f"{finding.check}{variant}: {finding.requirement}"]
        lines += [f"  found: {finding.found}"] if finding.found else []
        lines += [f"  {step}" for step in finding.steps]
    return "\n".join([*lines, case.source])
