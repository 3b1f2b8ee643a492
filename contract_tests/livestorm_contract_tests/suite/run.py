"""One run of the suite as a whole: what was asked for, and what came out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..driving.messages import Ready
from .baseline import Baseline, applied, not_applicable
from .capabilities import missing
from .case import Case
from .case_result import CaseResult
from .open_questions import run_alternatives
from .pool import Launch
from .runner import Job, run_jobs
from .sets import profile_of, profiles
from .settings import Settings
from .verdicts import NOT_PASSED, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A profile's count: of `total` cases so many were judged, and so many passed."""

    passed: int
    judged: int
    total: int
    lacks: Sequence[str] = ()
    """What the client would have to offer for the profile to count."""

    def __str__(self) -> str:
        counts = f"{self.passed}/{self.judged}"
        return counts if self.judged == self.total else f"{counts} of {self.total}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The results of a run."""

    command: str
    ready: Ready
    settings: Settings
    results: Sequence[CaseResult]
    unscored: Sequence[str] = field(default_factory=list)
    """Cases that no profile contains yet."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """The count of each profile that was run."""
        return {
            name: self._score(name)
            for name in profiles()
            if any(profile_of(one.case.id) == name for one in self.results)
        }

    @property
    def exit_status(self) -> int:
        """0: all is well; 1: a failed case or a stale entry; 2: the adapter or the suite broke."""
        if any(one.is_broken for one in self.results):
            return 2
        return 1 if any(one.verdict in NOT_PASSED for one in self.results) else 0

    def _score(self, profile: str) -> Score:
        results = [one for one in self.results if profile_of(one.case.id) == profile]
        not_judged = (Verdict.SKIP, Verdict.FLAKY, Verdict.XFAIL)
        return Score(
            passed=sum(one.verdict in (Verdict.PASS, Verdict.WARN) for one in results),
            judged=sum(one.verdict not in not_judged for one in results),
            total=len(results),
            lacks=missing(profiles()[profile].requires, self.ready),
        )


def run_suite(
    command: str,
    jobs: Sequence[Job],
    core: Sequence[Case],
    launch: Launch,
    settings: Settings,
    *,
    baseline: Baseline,
    today: date,
    tell: Callable[[CaseResult], None] = lambda result: None,
) -> Run:
    """Do jobs and judge their cases in the light of a baseline; `tell` hears of each as it ends.

    The cases of `core` are then run under each value of the open questions about Livestorm.
    Raises AdapterFailed where the client never gets ready.
    """
    cases = {job.case.id: job.case for job in jobs}
    reasons = {name: not_applicable(case, baseline, today) for name, case in cases.items()}
    skipped = [
        CaseResult(case=case, verdict=Verdict.SKIP, reason=reasons[name])
        for name, case in cases.items()
        if reasons[name] is not None
    ]
    ready, results = run_jobs(
        sorted(
            [job for job in jobs if reasons[job.case.id] is None],
            key=lambda job: not job.case.is_slow,
        ),
        launch,
        settings,
        tell=lambda result: tell(applied(result, baseline, today)),
    )
    if core:
        results = run_alternatives(
            results,
            [case for case in core if reasons[case.id] is None],
            launch,
            settings,
            tell=tell,
        )
    judged = [applied(result, baseline, today) for result in results]
    every = sorted([*judged, *skipped], key=lambda result: result.case.id)
    return Run(
        command=command,
        ready=ready,
        settings=settings,
        results=every,
        unscored=[one.case.id for one in every if profile_of(one.case.id) is None],
    )
