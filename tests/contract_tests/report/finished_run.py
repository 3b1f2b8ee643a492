"""A run of one case that is over, to make reports of."""

from livestorm_contract_tests.driving.messages import ClientName, Ready
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.run import Run
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import CheckResult, Level, Verdict

CASE = all_cases()["C09"]


def run_of(verdict: Verdict, text: str = "told", reason: str | None = None) -> Run:
    """Make a run of one case, in which a text that a client chose stands wherever it can."""
    exchange = {
        "seq": 1,
        "method": "POST",
        "path": text,
        "endpoint": "token",
        "status": 400,
        "fault": None,
        "reason": text,
    }
    outcome = {
        "op": "callback",
        "asked": text,
        "kind": "ok",
        "error": text,
        "exchanges": [exchange],
        "decisive": {"seq": 1, "request": text, "answer": text, "repeat": [text]},
    }
    check = CheckResult(
        check="C09:kind",
        level=Level.MUST,
        verdict=verdict if verdict in (Verdict.FAIL, Verdict.WARN) else Verdict.PASS,
        requirement="it is a failure",
        evidence={"variant": "400", "found": text, "script": [text], "outcomes": [outcome]},
    )
    result = CaseResult(case=CASE, verdict=verdict, checks=[check], reason=reason)
    ready = Ready(protocol=1, client=ClientName(name=text, version="1"), ops=("begin",))
    return Run(client=REFERENCE, ready=ready, settings=Settings(seed="7"), results=[result])
