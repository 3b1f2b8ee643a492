"""What is known of a run that did not come to its end."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from livestorm_contract_tests.driving.carrier import AdapterFailed, Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.under_test import InProcessClient
from livestorm_contract_tests.runs.baseline import Baseline, Entry
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.runs.confirming import confirmed
from livestorm_contract_tests.runs.jobs import Job, jobs_of, run_jobs
from livestorm_contract_tests.runs.plan import Plan
from livestorm_contract_tests.runs.run import Run, run_plan
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.client import ModelClient

CASE = all_cases_and_properties()["C09"]
SETTINGS = Settings(seed="7", workers=1)
ONCE = {"rotation": "never"}
NONE = Baseline()
EXPECTS = Baseline(expected_failures=(Entry(id="C09", reason="known"),))


def started(*ends: type[BaseException]) -> InProcessClient:
    """Give a client that gets ready once, and then not any more, in these ways."""
    left: Iterator[Callable[[], ModelClient]] = iter(
        [ModelClient, *(partial(fail, one) for one in ends)]
    )
    return InProcessClient(name="model", make=lambda: next(left)())


def fail(end: type[BaseException]) -> ModelClient:
    """Make no client."""
    raise end("no second one")


def plan_of(client: InProcessClient, verdict: Verdict, *, baseline: Baseline = NONE) -> Plan:
    """Plan a case that comes out so, and then to run the core once more."""
    job = Job(
        case=CASE,
        run=lambda lease: CaseResult(case=CASE, verdict=verdict),
        variant=CASE.variants[0].name,
    )
    return Plan(client=client, jobs=[job], settings=SETTINGS, baseline=baseline, core_under=[ONCE])


def known(run: Run) -> list[tuple[str, Verdict]]:
    """Give the cases of a run with what came out."""
    return [(one.case.id, one.verdict) for one in run.results]


@pytest.mark.parametrize(
    ("end", "status", "told"),
    [
        (KeyboardInterrupt, 130, 'interrupted under rotation = "never"'),
        (ValueError, 2, 'the client under rotation = "never": the adapter can\'t be made'),
    ],
)
def test_what_ends_an_open_question_costs_nothing_that_is_known(
    end: type[BaseException], status: int, told: str
) -> None:
    """The plain results stay; the run says what ended it."""
    run = run_plan(plan_of(started(end), Verdict.FAIL))
    assert known(run) == [("C09", Verdict.FAIL)]
    assert (run.exit_status, (run.unfinished or "")[: len(told)]) == (status, told)


def test_results_under_an_open_question_are_not_the_plain_ones() -> None:
    """Somebody interrupts once a case has passed under it that fails by itself."""
    heard: list[Verdict] = []

    def tell(result: CaseResult) -> None:
        heard.append(result.verdict)
        if len(heard) == 2:
            raise KeyboardInterrupt

    plan = plan_of(InProcessClient(name="model", make=ModelClient), Verdict.FAIL)
    run = run_plan(plan, tell)
    assert heard == [Verdict.FAIL, Verdict.PASS]
    assert known(run) == [("C09", Verdict.FAIL)]
    assert run.exit_status == 130


@pytest.mark.parametrize(("end", "status"), [(KeyboardInterrupt, 130), (ValueError, 2)])
def test_what_ends_the_confirming_run_costs_nothing_that_is_known(
    end: type[BaseException], status: int
) -> None:
    """What passed once is told, though it was not played again."""
    plan = replace(plan_of(started(end), Verdict.PASS, baseline=EXPECTS), core_under=())
    run, again = confirmed(plan, run_plan(plan))
    assert (known(run), again) == ([("C09", Verdict.XPASS)], {})
    assert (run.exit_status, "played once more" in (run.unfinished or "")) == (status, True)


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_unfinished_run_is_not_played_once_more(end: type[BaseException]) -> None:
    """Whoever has ended it would have to do so again."""
    plan = plan_of(started(end), Verdict.PASS, baseline=EXPECTS)
    run = run_plan(plan)
    assert confirmed(plan, run) == (run, {})


def test_client_that_never_gets_ready_is_an_error_of_each_case() -> None:
    """Whatever the baseline expects: nothing is known. What it keeps out is still skipped."""
    client = InProcessClient(name="model", make=partial(fail, ValueError))
    jobs = jobs_of([all_cases_and_properties()[one] for one in ("A01", "C09", "P01")], SETTINGS)
    kept_out = (Entry(id="A01", reason="no login"),)
    expected = (*EXPECTS.expected_failures, Entry(id="P01", reason="known"))
    baseline = Baseline(expected_failures=expected, not_applicable=kept_out)
    run = run_plan(Plan(client=client, jobs=jobs, settings=SETTINGS, baseline=baseline))
    ended = [("A01", Verdict.SKIP), ("C09", Verdict.ERROR), ("P01", Verdict.ERROR)]
    assert known(run) == ended
    assert "no second one" in (run.results[1].reason or "")
    assert (run.exit_status, run.got_ready, run.ready.client.name) == (2, False, "model")
    assert str(run.scores["core"]).startswith("0")


@pytest.mark.parametrize("name", ["C09", "P03"])
def test_client_that_does_not_start_again_costs_its_own_case_only(name: str) -> None:
    """Also where it is its first message that a case, a property or the score asks for."""
    left: list[Carrier] = [InProcessCarrier(ModelClient)]

    def launch() -> Carrier:
        if not left:
            raise AdapterFailed("no second one")
        return left.pop()

    def kill(lease: Lease) -> CaseResult:
        lease.carrier.kill()
        return CaseResult(case=all_cases_and_properties()["A01"], verdict=Verdict.PASS)

    first = Job(case=all_cases_and_properties()["A01"], run=kill)
    jobs = [first, *jobs_of([all_cases_and_properties()[name]], SETTINGS)]
    _, results = run_jobs(jobs, launch, SETTINGS)
    assert [one.verdict for one in results] == [Verdict.PASS, Verdict.ERROR]


def test_end_that_is_interrupted_leaves_what_is_known() -> None:
    """A client that takes its time to end is killed, and its results stay."""

    class Slow(InProcessCarrier):
        def stop(self) -> int | None:
            raise KeyboardInterrupt

    class SlowClient:
        name = "slow"
        most_at_once = None

        def launch(self) -> Carrier:
            return Slow(ModelClient)

    plan = replace(plan_of(started(), Verdict.PASS), client=SlowClient())
    run = run_plan(plan)
    assert (known(run), run.exit_status) == ([("C09", Verdict.PASS)], 130)
