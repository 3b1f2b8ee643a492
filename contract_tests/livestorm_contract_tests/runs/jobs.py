"""Running cases: several workers, each with a process of the client, and no order between them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..driving.carrier import check_driving
from ..driving.messages import Ready
from ..properties.properties import PROPERTIES, run_property
from ..suite.capabilities import missing
from ..suite.case import Case, Variant
from ..suite.case_result import CaseResult, merged, without_secrets
from ..suite.driver import Unsupported
from ..suite.endings import ended
from ..suite.pool import Launch, Lease, Pool
from ..suite.settings import Settings
from ..suite.stage import Stage
from ..suite.staging import open_stage
from ..suite.verdicts import Verdict, worst
from .replay import known_scripts

Tell = Callable[[CaseResult], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A part of a case that one worker does; it gives its result, whatever happens."""

    case: Case
    run: Callable[[Lease], CaseResult]


def jobs_of(cases: Sequence[Case], settings: Settings, *, replays: Path | None = None) -> list[Job]:
    """Give a job for each variant of each case, and one for each property among them.

    `replays` is the folder whose scripts a property is tried with before it draws any.
    """
    return [job for case in cases for job in _jobs(case, settings, replays)]


def _jobs(case: Case, settings: Settings, replays: Path | None) -> list[Job]:
    if case.id in PROPERTIES:
        known = known_scripts(replays, case.id)
        return [
            Job(
                case=case,
                run=partial(run_property, PROPERTIES[case.id], settings=settings, known=known),
            )
        ]
    return [
        Job(case=case, run=partial(play, case, variant, settings=settings))
        for variant in case.variants
    ]


def run_cases(
    cases: Sequence[Case], launch: Launch, settings: Settings
) -> tuple[Ready, list[CaseResult]]:
    """Run cases alone; see `run_jobs`."""
    return run_jobs(jobs_of(cases, settings), launch, settings)


def run_jobs(
    jobs: Sequence[Job], launch: Launch, settings: Settings, *, tell: Tell = lambda result: None
) -> tuple[Ready, list[CaseResult]]:
    """Do jobs with the client that `launch` starts; give what it is, and a result for each case.

    `tell` hears of each case as it is finished. Raises AdapterFailed where the client never
    gets ready.
    """
    first = launch()
    ready = first.ready
    pool = Pool(launch, settings.workers, first=first)
    try:
        with ThreadPoolExecutor(settings.workers) as workers:
            plays = {workers.submit(_with_lease, job, pool): job.case for job in jobs}
            return ready, list(_collected(plays, tell))
    finally:
        pool.close()


def _with_lease(job: Job, pool: Pool) -> CaseResult:
    with pool.lease() as lease:
        return without_secrets(job.run(lease), lease.secrets)


def _collected(plays: Mapping["Future[CaseResult]", Case], tell: Tell) -> Iterator[CaseResult]:
    """Put the results together, in the order in which the cases were given."""
    of_case: dict[str, list[Future[CaseResult]]] = {}
    for future, case in plays.items():
        of_case.setdefault(case.id, []).append(future)
    results: dict[str, CaseResult] = {}
    for future in as_completed(plays):
        name = plays[future].id
        if all(one.done() for one in of_case[name]) and name not in results:
            results[name] = merged([one.result() for one in of_case[name]])
            tell(results[name])
    return iter([results[name] for name in of_case])


def play(case: Case, variant: Variant, lease: Lease, *, settings: Settings) -> CaseResult:
    """Play one variant of a case."""
    started = time.monotonic()
    stage: Stage | None = None
    result = CaseResult(case=case, verdict=Verdict.PASS)
    try:
        if lacks := missing(case.needs, lease.carrier.ready):
            raise Unsupported(", ".join(lacks))
        with open_stage(case, variant, lease, settings) as stage:
            case.play_of(variant)(stage)
        check_driving(stage.verdicts.has_judged, "the case has judged nothing")
        result = replace(result, verdict=worst(check.verdict for check in stage.verdicts.results))
    except Exception as error:
        judged = [] if stage is None else [check.verdict for check in stage.verdicts.results]
        result = ended(result, error, judged)
    passed = result.verdict in (Verdict.PASS, Verdict.SKIP)
    return replace(
        result,
        checks=[] if stage is None else stage.verdicts.results,
        seconds=time.monotonic() - started,
        left_open=[] if stage is None else stage.verdicts.left_open,
        variants=[] if passed else [variant.name],
        skipped={variant.name: result.reason or ""} if result.verdict is Verdict.SKIP else {},
    )
