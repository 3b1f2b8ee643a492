"""Verdicts: of a check, of a case, of a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .case import Case, Level


class Verdict(StrEnum):
    """What is said of a check or a case."""

    PASS = "PASS"
    FAIL = "FAIL"
    WARN = "WARN"
    """A SHOULD is broken."""
    SKIP = "SKIP"
    """The client does not offer what the case needs."""
    XFAIL = "XFAIL"
    """It fails, as the baseline says."""
    XPASS = "XPASS"
    """It passes, though the baseline says that it fails."""
    FLAKY = "FLAKY"
    """The baseline says that it does not decide."""
    HANG = "HANG"
    CRASH = "CRASH"
    ERROR = "ERROR"
    """The adapter or the suite broke, so nothing is known."""


# From bad to good: of several variants, the worst decides.
_ORDER = (
    Verdict.ERROR,
    Verdict.CRASH,
    Verdict.HANG,
    Verdict.FAIL,
    Verdict.WARN,
    Verdict.PASS,
    Verdict.SKIP,
)

NOT_PASSED = frozenset({Verdict.ERROR, Verdict.CRASH, Verdict.HANG, Verdict.FAIL, Verdict.XPASS})
"""What makes a run end with status 1 or 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one case; `check` is its full id, `C09:store-unchanged`."""

    check: str
    level: Level
    verdict: Verdict
    requirement: str
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case, all its variants together."""

    case: Case
    verdict: Verdict
    checks: Sequence[CheckResult] = ()
    reason: str | None = None
    """Why it was skipped, hung, crashed or broke, or what the baseline says."""
    seconds: float = 0.0
    is_broken: bool = False
    """Whether the adapter or the suite itself failed, rather than garbage came."""
    variants: Sequence[str] = ()
    """The names of the variants that did not pass."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """The variants that were skipped, each with the reason, where others were judged."""
    only_if: Sequence[str] = ()
    """The open questions about Livestorm under which alone it does not pass."""
    replay: str | None = None
    """The file that plays it again."""
    script: Mapping[str, object] | None = None
    """What breaks a property, as short as it could be made."""


def judge(level: Level, *, holds: bool, strict: bool) -> Verdict:
    """Give the verdict on a check."""
    if holds:
        return Verdict.PASS
    return Verdict.WARN if level is Level.SHOULD and not strict else Verdict.FAIL


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the worst of some verdicts; SKIP where there is none."""
    return min(verdicts, key=_ORDER.index, default=Verdict.SKIP)


def merged(results: Sequence[CaseResult]) -> CaseResult:
    """Put the variants of a case together: each check once, as it went worst."""
    by_check: dict[str, CheckResult] = {}
    for one in (check for result in results for check in result.checks):
        known = by_check.get(one.check)
        if known is None or worst([one.verdict, known.verdict]) is not known.verdict:
            by_check[one.check] = one
    decisive = min(results, key=lambda result: _ORDER.index(result.verdict))
    return replace(
        decisive,
        checks=list(by_check.values()),
        seconds=sum(result.seconds for result in results),
        is_broken=any(result.is_broken for result in results),
        variants=[name for result in results for name in result.variants],
        skipped={}
        if decisive.verdict is Verdict.SKIP
        else {name: why for result in results for name, why in result.skipped.items()},
    )
