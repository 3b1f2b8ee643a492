"""Playing again what one run does not settle: a busy machine can make a case pass, or fail."""

from collections.abc import Mapping
from dataclasses import replace

from ..suite.case_result import CaseResult
from ..suite.verdicts import BAD, Verdict
from .baseline import applied
from .jobs import Interrupted, UnderWay, run_jobs
from .plan import Plan
from .run import Run, in_light_of


def confirmed(
    plan: Plan, run: Run, *, failures: bool = False, under_way: UnderWay | None = None
) -> tuple[Run, Mapping[str, CaseResult]]:
    """Play once more what passes though it is expected to fail, and `failures` where asked for.

    Give the run, in which only what passed twice is stale, and what came out the second time, by
    case and in the light of the baseline. Somebody who interrupts cuts the run off.
    """
    if run.cut_off is not None:
        return run, {}
    wanted = {one.case.id for one in run.results if _is_stale(one) or (failures and _is_new(one))}
    jobs = [job for job in plan.jobs if job.case.id in wanted]
    if not jobs:
        return run, {}
    try:
        _, plain = run_jobs(
            jobs, plan.client.launch, plan.settings, score=plan.score, under_way=under_way
        )
    except Interrupted as interruption:
        return replace(run, cut_off=interruption.running), {}
    again = {one.case.id: applied(one, plan.baseline, plan.today) for one in plain}
    known = {one.case.id for one in run.results if _is_stale(one)}
    luck = {
        one.case.id: one
        for one in plain
        if one.case.id in known and not _is_stale(again[one.case.id])
    }
    return _with(luck, plan, run), again


def _with(results: Mapping[str, CaseResult], plan: Plan, run: Run) -> Run:
    if not results:
        return run
    plain = [results.get(one.case.id, one) for one in run.plain]
    return in_light_of(plan.baseline, replace(run, plain=plain), plan.today)


def _is_stale(result: CaseResult) -> bool:
    return result.scored and result.verdict is Verdict.XPASS


def _is_new(result: CaseResult) -> bool:
    """Tell whether a case is bad in a way that the baseline does not expect.

    What is so under an open question only is played otherwise.
    """
    return result.scored and result.verdict in BAD and not result.only_if
