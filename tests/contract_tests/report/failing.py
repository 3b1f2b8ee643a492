"""Results of cases in which checks did not pass."""

from dataclasses import replace

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.verdicts import CheckResult, Level, Verdict

from .finished_run import run_of


def failing(
    case: str, *checks: str, verdict: Verdict = Verdict.FAIL, reported: Kind = Kind.OK
) -> CaseResult:
    """Make the result of a case in which some checks did not pass."""
    outcome = {"op": "call", "kind": str(reported), "exchanges": []}
    evidence = {"found": "told", "outcomes": [outcome]}
    (plain,) = run_of(Verdict.PASS).results
    made = [
        CheckResult(
            check=f"{case}:{name}",
            level=Level.MUST,
            verdict=verdict,
            requirement="required",
            evidence=evidence,
        )
        for name in checks
    ]
    return replace(plain, case=all_cases_and_properties()[case], verdict=verdict, checks=made)


def run_with(*results: CaseResult) -> Run:
    """Make a run with these results."""
    return replace(run_of(Verdict.PASS), results=results)


def all_failing() -> Run:
    """Make a run in which each check of each case failed."""
    return run_with(
        *(failing(case.id, *case.checks) for case in all_cases_and_properties().values())
    )
