"""What reports tell of a case that did not pass."""

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from ..driving.messages import ClientName
from ..runs.comparison import Comparison
from ..runs.requirements import UNSCORED
from ..runs.run import Run, Score
from ..suite.case_result import CaseResult
from ..suite.verdict_book import HOW_IT_FAILED
from ..suite.verdicts import BAD, CheckResult, Verdict
from .shape import Decisive, Evidence, ExchangeEntry, OutcomeEntry

WORST_FIRST = (
    Verdict.ERROR,
    Verdict.CRASH,
    Verdict.HANG,
    Verdict.FAIL,
    Verdict.XPASS,
    Verdict.WARN,
    Verdict.FLAKY,
    Verdict.XFAIL,
    Verdict.SKIP,
    Verdict.PASS,
)

QUIET = (Verdict.PASS, Verdict.SKIP)
"""What is not told of each case."""

WORSE: Final = "newly failing"
"""What is said of what is worse than before."""

NO_PROFILE: Final = "no profile run"
"""What is said of scores where there are none: properties count for no profile."""

_SILENT = (Verdict.PASS, Verdict.XFAIL, Verdict.FLAKY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A case that was not judged, or some variants or checks of one that was."""

    result: CaseResult
    variants: str
    """Empty for all of them."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check that did not pass, in words."""

    check: str
    requirement: str
    variant: str
    found: str
    steps: Sequence[str]
    """What the client was told, did and said, a line each."""
    outcomes: Sequence[OutcomeEntry]
    """The operations that show it."""
    script: Sequence[str] = ()
    """The steps that break a property."""
    decisive: Decisive | None = None
    reported: str = ""
    """The kind that the client reported of the last operation, empty where there is none."""
    scored: bool = True
    """Whether it counts."""

    @property
    def told(self) -> str:
        """The check, with the variant in which it did not pass, and whether it counts."""
        notes = [self.variant, "" if self.scored else "not scored"]
        told = ", ".join(one for one in notes if one)
        return f"{self.check} ({told})" if told else self.check


def replay_command(result: CaseResult) -> str | None:
    """Give the command that plays a case again."""
    return (
        None if result.replay is None else shlex.join(["livestorm-mock", "replay", result.replay])
    )


def findings(result: CaseResult) -> list[Finding]:
    """Give the checks of a case that did not pass; evidence that several have is told once."""
    once = told_once()
    return [once(finding_of(one)) for one in result.checks if one.verdict not in _SILENT]


def told_once() -> Callable[[Finding], Finding]:
    """Give a function that refers to the evidence of an earlier finding where it is the same."""
    told: dict[object, str] = {}

    def once(finding: Finding) -> Finding:
        key = (*finding.steps, repr(finding.decisive))
        if not finding.steps or told.setdefault(key, finding.told) == finding.told:
            return finding
        return replace(
            finding, steps=[f"as for {told[key]}"], outcomes=(), script=(), decisive=None
        )

    return once


def end_of(result: CaseResult, end: Verdict) -> Finding:
    """Give the end of a case that could not be judged to its end: a hang, a crash, an error.

    The result's own verdict may be what a baseline made of it.
    """
    return Finding(
        check=f"{result.case.id}:{end}",
        requirement=result.case.requirement,
        variant=", ".join(name for name in result.variants[:1] if name),
        found=((result.reason or "").splitlines() or [""])[-1],
        steps=(),
        outcomes=(),
        decisive=hung_at(result),
    )


def hung_at(result: CaseResult) -> Decisive | None:
    """Give the exchange in which a case hung."""
    return None if result.hung_at is None else msgspec.convert(result.hung_at, Decisive)


def skips(results: Sequence[CaseResult]) -> list[Skipped]:
    """Give what was skipped; variants for the same reason together."""
    found = []
    for one in results:
        if one.verdict is Verdict.SKIP:
            found.append(Skipped(result=one, variants="", reason=one.reason or ""))
        for reason in sorted(set(one.skipped.values())):
            names = ", ".join(name for name, why in one.skipped.items() if why == reason)
            found.append(Skipped(result=one, variants=names, reason=reason))
        if one.left_open and one.verdict is not Verdict.SKIP:
            found.append(
                Skipped(
                    result=one,
                    variants=", ".join(one.left_open),
                    reason=f"not judged: {HOW_IT_FAILED}",
                )
            )
    return found


def expired(run: Run, cases: Collection[str] | None = None) -> list[str]:
    """Say which entries of the baseline count no longer, of all cases or of some."""
    return [
        f"the baseline's entry {one.id} has expired on {one.until}"
        for one in run.expired
        if cases is None or one.id.partition(":")[0] in cases
    ]


def told_lists(compared: Comparison) -> Mapping[str, Sequence[str]]:
    """Give what is worse, better and new beside an earlier report, by what is said of it."""
    lists: Mapping[str, Sequence[object]] = {
        WORSE: compared.newly_failing,
        "mended": compared.mended,
        "still failing": compared.still_failing,
        "failed, and not judged now": compared.not_judged,
        "new cases": compared.new_cases,
        "cases that are gone": compared.gone_cases,
        "cases not run now": compared.not_run,
    }
    return {name: [str(one) for one in found] for name, found in lists.items() if found}


def sorted_results(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Give results, worst first, then by severity and id."""
    return sorted(
        results,
        key=lambda one: (WORST_FIRST.index(one.verdict), one.case.severity, one.case.id),
    )


def stale(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Give what passes though the baseline expects a failure."""
    return [one for one in results if one.verdict is Verdict.XPASS and one.scored]


def loud(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Give what is told of each by itself, worst first."""
    return [one for one in sorted_results(results) if one.verdict not in QUIET or one.misses]


def counts(results: Sequence[CaseResult]) -> dict[str, int]:
    """Give how often each verdict came that counts, worst first, and how many do not count."""
    found = [one.verdict for one in results if one.scored]
    known = {str(verdict): found.count(verdict) for verdict in WORST_FIRST if verdict in found}
    unscored = len(results) - len(found)
    return {**known, **({UNSCORED: unscored} if unscored else {})}


def missed(run: Run) -> list[str]:
    """Name what the client does not meet and is not scored by: checks, or whole cases."""
    return [
        name
        for one in run.results
        if one.misses
        for name in (
            [check.check for check in one.checks if not check.scored and check.verdict in BAD]
            or [f"{one.case.id}:{one.verdict}"]
        )
    ]


def scores_told(run: Run) -> str:
    """Give `core 9 of 42 passed, 4 not judged · security 11 of 12 passed`.

    A profile that asks for more than the client has is named so.
    """
    told = [f"{name} {_score_told(score)}" for name, score in run.scores.items()]
    return " · ".join(told) or NO_PROFILE


def _score_told(score: Score) -> str:
    if not score.lacks:
        return str(score)
    return f"supported in part: {score}" if score.was_run else "not supported"


def name_of(client: ClientName) -> str:
    """Give what a client calls itself, with its version if it has one."""
    return f"{client.name} {client.version}".rstrip()


def describe_exchange(exchange: ExchangeEntry) -> str:
    """Tell an exchange in one line."""
    answered = "no answer" if exchange.status is None else str(exchange.status)
    fault = f" [{exchange.fault}]" if exchange.fault else ""
    reason = f" ({exchange.reason})" if exchange.reason and not fault else ""
    return f"{exchange.seq}. {exchange.method} {exchange.path} -> {answered}{fault}{reason}"


def evidence_of(check: CheckResult) -> Evidence:
    """Give the evidence of a check in the shape of the JSON report."""
    return msgspec.convert(check.evidence, Evidence)


def finding_of(check: CheckResult) -> Finding:
    """Put a check into words."""
    return ways_of(check)[0]


def ways_of(check: CheckResult) -> list[Finding]:
    """Put a check into words, once for each kind that it was reported as in its variants."""
    evidence = evidence_of(check)
    return [_worded(check, one) for one in (evidence, *(evidence.otherwise or ()))]


def _worded(check: CheckResult, evidence: Evidence) -> Finding:
    outcomes, script = evidence.outcomes or (), evidence.script or ()
    return Finding(
        check=check.check,
        requirement=check.requirement,
        variant=evidence.variant or "",
        found=evidence.found or "",
        steps=[*script, *(step for one in outcomes for step in _steps(one))],
        outcomes=outcomes,
        script=script,
        decisive=next((one.decisive for one in reversed(outcomes) if one.decisive), None),
        reported=outcomes[-1].kind if outcomes else "",
        scored=check.scored,
    )


def _steps(outcome: OutcomeEntry) -> Iterator[str]:
    yield f"told to {outcome.op} {outcome.asked or ''}".rstrip()
    yield from map(describe_exchange, outcome.exchanges)
    yield f"said {outcome.kind}{f': {outcome.error}' if outcome.error else ''}"
