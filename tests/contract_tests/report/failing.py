"""Results of cases in which checks did not pass."""

from dataclasses import replace

from livestorm_contract_tests.driving.evidence import evidence_of
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import ErrorTold, Reply
from livestorm_contract_tests.driving.outcome import Outcome
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.verdicts import CheckResult, Level, Verdict

from ..exchanges import sent_form
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


def hundred_failures() -> Run:
    """Make a run in which a hundred cases failed, each with as much evidence as is shown."""
    cases = list(all_cases_and_properties().values())
    assert len(cases) >= 100
    (plain,) = run_of(Verdict.PASS).results
    passed = [replace(plain, case=case) for case in cases[100:]]
    return run_with(
        *(_with_evidence(one.id, next(iter(one.checks))) for one in cases[:100]), *passed
    )


def _with_evidence(case: str, name: str) -> CaseResult:
    """Make the result of a case in which two requests were sent, whose texts are very long."""
    long = f"{case} " + "text " * 1000
    sent = sent_form({"code": long[:1900]}, headers={"accept": long[:400], "x-own": long[:400]})
    first = replace(sent, seq=1, fault="html_page", status=503, body=long.encode())
    outcome = Outcome(
        command={"op": "callback", "url": f"http://127.0.0.1:9/cb?state={case}"},
        reply=Reply(kind=Kind.BUG, error=ErrorTold(message=long)),
        exchanges=(first, replace(sent, seq=2, status=None)),
        seconds=0.0,
    )
    result = failing(case, name)
    shown = {"variant": "long", "found": long[:300], "outcomes": evidence_of([outcome])}
    (check,) = result.checks
    return replace(result, checks=[replace(check, evidence=shown)], reason=None)
