"""Running cases: several workers, each with a process of the client, and no order between them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..driving.carrier import check_driving
from ..driving.evidence import show_exchange
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

Score = Callable[[CaseResult, str, Ready], CaseResult]
"""Gives the result of a variant as far as it counts for this client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A part of a case that one worker does; it gives its result, whatever happens."""

    case: Case
    run: Callable[[Lease], CaseResult]
    variant: str = ""

    @property
    def name(self) -> str:
        """The case, with the variant where there are several."""
        return f"{self.case.id} ({self.variant})" if self.variant else self.case.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known once cases were run, as far as that came."""

    results: Sequence[CaseResult]
    cut_off: Sequence[str] | None = None
    """What was under way when somebody ended it."""
    unfinished: str | None = None
    """Why not all is known that was asked for."""


class Interrupted(Exception):
    """Somebody has ended the run, when `results` were known and `running` was under way.

    `ready` is None where the client was not ready yet.
    """

    def __init__(
        self, ready: Ready | None, results: Sequence[CaseResult], running: Sequence[str]
    ) -> None:
        super().__init__(f"interrupted after {len(results)} cases")
        self.ready = ready
        self.results = results
        self.running = running


class UnderWay:
    """The jobs that are being done, and since when."""

    def __init__(self) -> None:
        self._begun: dict[int, tuple[Job, float]] = {}

    @contextmanager
    def during(self, job: Job) -> Iterator[None]:
        """List a job while it is done."""
        self._begun[id(job)] = job, time.monotonic()
        try:
            yield
        finally:
            del self._begun[id(job)]

    def longest(self) -> list[str]:
        """Name the jobs with their seconds, the one that takes longest first."""
        now = time.monotonic()
        return [f"{job.name} for {now - begun:.0f} s" for job, begun in list(self._begun.values())]


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
        Job(case=case, variant=variant.name, run=partial(play, case, variant, settings=settings))
        for variant in case.variants
    ]


def run_cases(
    cases: Sequence[Case], launch: Launch, settings: Settings
) -> tuple[Ready, list[CaseResult]]:
    """Run cases alone; see `run_jobs`."""
    return run_jobs(jobs_of(cases, settings), launch, settings)


def run_jobs(
    jobs: Sequence[Job],
    launch: Launch,
    settings: Settings,
    *,
    tell: Tell = lambda result: None,
    under_way: UnderWay | None = None,
    score: Score = lambda result, variant, ready: result,
) -> tuple[Ready, list[CaseResult]]:
    """Do jobs with the client that `launch` starts; give what it is, and a result for each case.

    `tell` hears of each case as it is finished, `under_way` lists what is being done. Raises
    AdapterFailed where the client never gets ready, Interrupted after a KeyboardInterrupt, when
    the client's processes have been killed, but threads may still be on their way.
    """
    listed, results = under_way or UnderWay(), dict[str, CaseResult]()
    ready: Ready | None = None
    with _pool_and_workers(launch, settings.workers) as (pool, workers):
        try:
            ready = pool.read_ready()
            do = partial(_with_lease, pool=pool, under_way=listed, score=score, ready=ready)
            _collect({workers.submit(do, job): job.case for job in jobs}, tell, results)
            workers.shutdown()
            pool.close()
        except KeyboardInterrupt:
            raise Interrupted(ready, list(results.values()), listed.longest()) from None
    return ready, [results[name] for name in dict.fromkeys(job.case.id for job in jobs)]


@contextmanager
def _pool_and_workers(launch: Launch, number: int) -> Iterator[tuple[Pool, ThreadPoolExecutor]]:
    """Give so many workers and processes; what ends them before their time ends them at once."""
    pool, workers = Pool(launch, number), ThreadPoolExecutor(number)
    try:
        yield pool, workers
    except BaseException:
        workers.shutdown(wait=False, cancel_futures=True)
        pool.kill()
        raise


def _with_lease(
    job: Job, *, pool: Pool, under_way: UnderWay, score: Score, ready: Ready
) -> CaseResult:
    with pool.lease() as lease, under_way.during(job):
        return score(without_secrets(job.run(lease), lease.secrets), job.variant, ready)


def _collect(
    plays: Mapping["Future[CaseResult]", Case], tell: Tell, results: dict[str, CaseResult]
) -> None:
    """Put the results of each case together once all its variants are done."""
    of_case: dict[str, list[Future[CaseResult]]] = {}
    for future, case in plays.items():
        of_case.setdefault(case.id, []).append(future)
    for future in as_completed(plays):
        name = plays[future].id
        if all(one.done() for one in of_case[name]) and name not in results:
            results[name] = merged([one.result() for one in of_case[name]])
            tell(results[name])


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
        hung_at=None if stage is None or result.verdict is not Verdict.HANG else _hung_at(stage),
    )


def _hung_at(stage: Stage) -> Mapping[str, object] | None:
    exchange = stage.verdicts.hung_at
    return None if exchange is None else show_exchange(exchange)
