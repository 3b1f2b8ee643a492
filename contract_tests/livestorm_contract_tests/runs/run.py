"""One run of the suite as a whole: its plan is carried out, and what came out is counted."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ..driving.carrier import AdapterFailed
from ..driving.messages import PROTOCOL, ClientName, Ready
from ..driving.under_test import BareClient, ClientUnderTest
from ..suite.capabilities import missing
from ..suite.case import Case
from ..suite.case_result import CaseResult
from ..suite.settings import Settings
from ..suite.verdicts import Verdict
from .baseline import Baseline, Entry, applied, expired, not_applicable
from .comparison import Comparison
from .jobs import Interrupted, Job, Judged, Tell, UnderWay, run_jobs
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
    expected: int = 0
    """How many failed as the baseline expects; they count as not judged."""
    lacks: Sequence[str] = ()
    """What the client would have to offer for the profile to count."""

    def __str__(self) -> str:
        if not self.was_run:
            return f"none of {self.total} judged"
        left = self.total - self.judged - self.expected
        told = [
            f"{self.passed} of {self.judged} passed" if self.judged else "",
            f"{self.expected} expected to fail" if self.expected else "",
            f"{left} not judged" if left else "",
        ]
        return ", ".join(one for one in told if one)

    @property
    def was_run(self) -> bool:
        """Whether any of its cases came to something."""
        return self.judged + self.expected > 0


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
    """What was under way when somebody ended it, None where nobody did."""
    unfinished: str | None = None
    """Why not all was judged that was asked for, None where it was."""
    got_ready: bool = True
    """Whether the client got ready at all; where not, each case is an ERROR."""
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
        """0: all is well; 1: a failed case or a stale entry; 2: nothing, or not enough, is known.

        That is so where the adapter or the suite broke, where no case ended but in an ERROR, and
        where the client did not get ready, or not once more; 130: it was interrupted. What is not
        scored decides nothing else.
        """
        if self.cut_off is not None:
            return INTERRUPTED
        if self.unfinished is not None or self.nothing_is_known:
            return 2
        if any(one.is_broken and one.scored for one in self.results):
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
            expected=sum(one.scored and one.verdict is Verdict.XFAIL for one in results),
            total=len(results),
            lacks=missing(self.requirements.profiles[profile].requires, self.ready)
            if self.got_ready
            else (),
        )


def run_plan(
    plan: Plan, tell: Tell = lambda result: None, under_way: UnderWay | None = None
) -> Run:
    """Do the jobs of a plan, and judge their cases in the light of its baseline.

    `tell` hears of each case as it ends, `under_way` lists what is being done. A KeyboardInterrupt
    ends the run with what is known by then. Where the client never gets ready, each case is an
    ERROR that says so.
    """
    skipped = _skipped(plan)
    due = [job for job in plan.jobs if job.case.id not in skipped]
    ready, judged = _judge(plan, due, tell, under_way or UnderWay())
    got_ready = ready is not None or judged.cut_off is not None
    run = Run(
        client=plan.client,
        ready=ready or Ready(protocol=PROTOCOL, client=ClientName(name=plan.client.name[:100])),
        settings=plan.settings,
        results=[],
        requirements=plan.requirements,
        plain=[*judged.results, *skipped.values()],
        cut_off=judged.cut_off,
        unfinished=judged.unfinished,
        got_ready=got_ready,
        asked=plan.asked,
    )
    return in_light_of(plan.baseline, run, plan.today)


def _skipped(plan: Plan) -> Mapping[str, CaseResult]:
    """Give the results of the cases that the baseline says are not to be run, by id."""
    return {
        case.id: CaseResult(
            case=case, verdict=Verdict.SKIP, reason=reason, scored=_is_scored(case, plan)
        )
        for case in plan.cases
        if (reason := not_applicable(case, plan.baseline, plan.today)) is not None
    }


def _judge(
    plan: Plan, due: Sequence[Job], tell: Tell, under_way: UnderWay
) -> tuple[Ready | None, Judged]:
    """Do jobs, and run the core under the open questions; give what is known, in no light.

    What the client says of itself is None where it never got ready.
    """
    try:
        ready, results = run_jobs(
            sorted(due, key=lambda job: not job.case.is_slow),
            plan.client.launch,
            plan.settings,
            tell=lambda result: tell(applied(result, plan.baseline, plan.today)),
            under_way=under_way,
            score=plan.score,
        )
    except Interrupted as interruption:
        told = f"interrupted after {len(interruption.results)} of {plan.total} cases"
        known = interruption.results
        return interruption.ready, Judged(
            results=known, cut_off=interruption.running, unfinished=told
        )
    except AdapterFailed as error:
        return None, _unknown(plan, due, f"the client: {error}")
    return ready, run_core(plan, results, tell=tell, under_way=under_way)


def _unknown(plan: Plan, due: Sequence[Job], why: str) -> Judged:
    """Give an ERROR for each case of some jobs."""
    cases = {job.case.id: job.case for job in due}
    results = [
        CaseResult(
            case=case,
            verdict=Verdict.ERROR,
            reason=why,
            is_broken=True,
            scored=_is_scored(case, plan),
        )
        for case in cases.values()
    ]
    return Judged(results=results, unfinished=why)


def _is_scored(case: Case, plan: Plan) -> bool:
    return plan.scores_all or case.id in plan.requirements.cases


def in_light_of(baseline: Baseline, run: Run, today: date) -> Run:
    """See what was judged in the light of a baseline; none expects that a client is not ready."""
    light = baseline if run.got_ready else Baseline()
    results = [applied(result, light, today) for result in run.plain]
    return replace(
        run,
        results=sorted(results, key=lambda result: result.case.id),
        baseline=baseline,
        expired=expired(baseline, [one.case for one in run.plain], today),
    )


def in_place_of(earlier: Run | None, run: Run, today: date) -> Run:
    """Give a run with what an earlier one came to in the cases that it did not play itself."""
    if earlier is None:
        return run
    plain = {one.case.id: one for one in (*earlier.plain, *run.plain)}
    together = replace(run, plain=list(plain.values()))
    if run.got_ready:
        return in_light_of(run.baseline, together, today)
    results = {one.case.id: one for one in (*earlier.results, *run.results)}
    return replace(
        together,
        ready=earlier.ready,
        results=sorted(results.values(), key=lambda result: result.case.id),
        expired=earlier.expired,
    )
