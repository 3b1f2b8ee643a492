"""One run of the suite as a whole: its plan is carried out, and what came out is counted."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ..driving.messages import Ready
from ..driving.under_test import BareClient, ClientUnderTest
from ..suite.capabilities import missing
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from ..suite.verdicts import Verdict
from .baseline import Baseline, Entry, applied, expired, not_applicable
from .comparison import Comparison
from .jobs import Interrupted, Tell, UnderWay, run_jobs
from .open_questions import run_core
from .plan import Asked, Plan
from .requirements import Requirements, newest

INTERRUPTED: Final = 130
"""The exit status of a run that was interrupted, as a shell has it after Ctrl-C."""


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

    client: ClientUnderTest
    ready: Ready
    settings: Settings
    results: Sequence[CaseResult]
    """In the light of the baseline."""
    requirements: Requirements = field(default_factory=newest)
    """The set by which the client is scored."""
    plain: Sequence[CaseResult] = ()
    """What was judged, in no light."""
    baseline: Baseline = field(default_factory=Baseline)
    """In whose light."""
    expired: Sequence[Entry] = ()
    """The entries of the baseline that count no longer."""
    compared: Comparison | None = None
    """What it makes of an earlier report."""
    cut_off: Sequence[str] | None = None
    """What was under way when somebody ended it, None where it came to its end."""
    asked: Asked = field(default_factory=Asked)
    """The command line that it comes from."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """The count of each profile that was run."""
        return {
            name: self._score(name)
            for name in self.requirements.profiles
            if any(self.requirements.profile_of(one.case.id) == name for one in self.results)
        }

    def command(self, *options: str) -> str:
        """Give the line that puts the suite to this client again, as it was put to it."""
        client = self.client
        asked = (
            ("--command", client.text)
            if isinstance(client, BareClient)
            else ("--client", client.name)
        )
        strict = ("--strict",) if self.settings.strict else ()
        is_default = self.requirements.name == newest().name
        scored = () if is_default else ("--requirements", self.requirements.name)
        given = [*asked, *strict, *scored, *self.asked.options]
        return shlex.join(["livestorm-mock", "check", *given, *options])

    @property
    def nothing_is_known(self) -> bool:
        """Whether each case that was put to the client ended in an ERROR."""
        return {one.verdict for one in self.results} - {Verdict.SKIP} == {Verdict.ERROR}

    @property
    def exit_status(self) -> int:
        """0: all is well; 1: a failed case or a stale entry; 2: nothing is known.

        That is so where the adapter or the suite broke, and where no case ended but in an ERROR;
        130: it was interrupted. What is not scored decides nothing else.
        """
        if self.cut_off is not None:
            return INTERRUPTED
        if self.nothing_is_known or any(one.is_broken and one.scored for one in self.results):
            return 2
        return 1 if any(one.fails for one in self.results) else 0

    def _score(self, profile: str) -> Score:
        of = self.requirements.profile_of
        results = [one for one in self.results if of(one.case.id) == profile]
        passed = (Verdict.PASS, Verdict.WARN)
        not_judged = (Verdict.SKIP, Verdict.FLAKY, Verdict.XFAIL)
        return Score(
            passed=sum(one.scored and one.verdict in passed for one in results),
            judged=sum(one.scored and one.verdict not in not_judged for one in results),
            total=len(results),
            lacks=missing(self.requirements.profiles[profile].requires, self.ready),
        )


def run_plan(
    plan: Plan, tell: Tell = lambda result: None, under_way: UnderWay | None = None
) -> Run:
    """Do the jobs of a plan, and judge their cases in the light of its baseline.

    `tell` hears of each case as it ends, `under_way` lists what is being done. A KeyboardInterrupt
    ends the run with what is known by then. Raises AdapterFailed where the client never gets ready.
    """

    def in_light(result: CaseResult) -> CaseResult:
        return applied(result, plan.baseline, plan.today)

    reasons = {case.id: not_applicable(case, plan.baseline, plan.today) for case in plan.cases}
    skipped = [
        CaseResult(
            case=case,
            verdict=Verdict.SKIP,
            reason=reasons[case.id],
            scored=case.id in plan.requirements.cases,
        )
        for case in plan.cases
        if reasons[case.id] is not None
    ]
    due = [job for job in plan.jobs if reasons[job.case.id] is None]
    cut_off = None
    try:
        ready, results = run_jobs(
            sorted(due, key=lambda job: not job.case.is_slow),
            plan.client.launch,
            plan.settings,
            tell=lambda result: tell(in_light(result)),
            under_way=under_way,
            score=plan.score,
        )
        results = run_core(plan, results, tell=tell)
    except Interrupted as interruption:
        ready, results = interruption.ready, list(interruption.results)
        cut_off = interruption.running
    run = Run(
        client=plan.client,
        ready=ready,
        settings=plan.settings,
        results=[],
        requirements=plan.requirements,
        plain=[*results, *skipped],
        cut_off=cut_off,
        asked=plan.asked,
    )
    return in_light_of(plan.baseline, run, plan.today)


def in_light_of(baseline: Baseline, run: Run, today: date) -> Run:
    """See what was judged in the light of a baseline."""
    results = [applied(result, baseline, today) for result in run.plain]
    return replace(
        run,
        results=sorted(results, key=lambda result: result.case.id),
        baseline=baseline,
        expired=expired(baseline, [one.case for one in run.plain], today),
    )
