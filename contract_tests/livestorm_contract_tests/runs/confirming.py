"""Playing again what one run does not settle: a busy machine can make a case pass, or fail."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..driving.carrier import AdapterFailed
from ..suite.case_result import CaseResult
from ..suite.verdicts import BAD, Verdict
from .baseline import applied
from .jobs import Interrupted, UnderWay, run_jobs
from .plan import Plan
from .run import Run, in_light_of

_ONCE_MORE: Final = "what has to be certain was played once more"


def confirmed(
    plan: Plan, run: Run, *, failures: bool = False, under_way: UnderWay | None = None
) -> tuple[Run, Mapping[str, CaseResult]]:
    """Play once more what passes though it is expected to fail, and `failures` where asked for.

    Give the run, in which only what passed twice is stale, and what came out the second time, by
    case and in the light of the baseline. Whatever ends it before its time leaves the run as it
    was, and unfinished.
    """
    if run.unfinished is not None:
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
        told = f"interrupted while {_ONCE_MORE}"
        return replace(run, cut_off=interruption.running, unfinished=told), {}
    except AdapterFailed as error:
        return replace(run, unfinished=f"the client while {_ONCE_MORE}: {error}"), {}
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
