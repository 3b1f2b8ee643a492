"""What is played again before it counts."""

from collections.abc import Iterator

import pytest
from livestorm_contract_tests.driving.under_test import InProcessClient
from livestorm_contract_tests.runs.baseline import Baseline, Entry
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.confirming import confirmed
from livestorm_contract_tests.runs.jobs import Job
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.runs.run import run_plan
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.client import ModelClient

CASE = all_cases_and_properties()["C09"]
EXPECTS = Baseline(expected_failures=(Entry(id="C09", reason="known"),))


def plan_of(baseline: Baseline, *verdicts: Verdict | type[KeyboardInterrupt]) -> Plan:
    """Plan a case that comes out so, one time after the other."""
    left: Iterator[Verdict | type[KeyboardInterrupt]] = iter(verdicts)

    def play(lease: Lease) -> CaseResult:
        del lease
        verdict = next(left)
        if not isinstance(verdict, Verdict):
            raise verdict
        return CaseResult(case=CASE, verdict=verdict)

    job = Job(case=CASE, run=play, variant=CASE.variants[0].name)
    client = InProcessClient(name="model", make=ModelClient)
    settings = Settings(seed="7", workers=1)
    return Plan(client=client, jobs=[job], settings=settings, baseline=baseline)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([Verdict.PASS, Verdict.PASS], 1),
        ([Verdict.PASS, Verdict.FAIL], 0),
        ([Verdict.PASS, Verdict.HANG], 0),
        ([Verdict.FAIL], 0),
    ],
)
def test_entry_is_stale_where_its_case_passes_twice(verdicts: list[Verdict], status: int) -> None:
    """What passes by luck fails when it is played again."""
    plan = plan_of(EXPECTS, *verdicts)
    run, _ = confirmed(plan, run_plan(plan))
    assert run.exit_status == status


def test_failure_is_played_again_only_where_it_is_written_down() -> None:
    """A run that fails is told as it is."""
    plan = plan_of(Baseline(), Verdict.FAIL, Verdict.PASS)
    run = run_plan(plan)
    assert confirmed(plan, run) == (run, {})
    same, again = confirmed(plan, run, failures=True)
    assert same is run
    assert [one.verdict for one in again.values()] == [Verdict.PASS]


def test_somebody_may_interrupt_it() -> None:
    """Then nothing is written down."""
    plan = plan_of(EXPECTS, Verdict.PASS, KeyboardInterrupt)
    run, again = confirmed(plan, run_plan(plan))
    assert (run.cut_off is None, again) == (False, {})
