"""What of a result counts: by a frozen set, whatever else a newer suite has judged."""

from collections.abc import Sequence
from dataclasses import replace

from ..driving.messages import Ready
from ..suite.capabilities import missing
from ..suite.case_result import CaseResult
from ..suite.verdicts import CheckResult, Level, Verdict, judge, worst
from .requirements import Frozen, Requirements, draws_of

_BY_CHECKS = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def scored(
    result: CaseResult, variant: str, requirements: Requirements, ready: Ready, *, strict: bool
) -> CaseResult:
    """Give the result of a variant of a case as a set scores it.

    What the set does not hold, it leaves out of the verdict: the case, the variant, a check, or
    the clients that the case was not put to. Where a level has become stricter, the old one counts.
    """
    frozen = requirements.cases.get(result.case.id)
    if frozen is None or not _holds(frozen, result, variant, ready):
        checks = [replace(one, scored=False) for one in result.checks]
        return replace(result, checks=checks, scored=False)
    checks = [_scored_check(one, result.case.id, requirements, strict) for one in result.checks]
    if checks == list(result.checks):
        return result
    return replace(result, checks=checks, verdict=_verdict(result.verdict, checks))


def _holds(frozen: Frozen, result: CaseResult, variant: str, ready: Ready) -> bool:
    was_asked = result.verdict is Verdict.SKIP or not missing(frozen.needs, ready)
    return variant in frozen.variants and draws_of(result.case) <= frozen.draws and was_asked


def _scored_check(
    check: CheckResult, case: str, requirements: Requirements, strict: bool
) -> CheckResult:
    level = requirements.level_of(case, check.check.partition(":")[2])
    if level is None:
        return replace(check, scored=False)
    if level is not Level.SHOULD or check.level is Level.SHOULD:
        return check
    holds = check.verdict is Verdict.PASS
    return replace(check, level=level, verdict=judge(level, holds=holds, strict=strict))


def _verdict(judged: Verdict, checks: Sequence[CheckResult]) -> Verdict:
    """Give the verdict by what counts, where it is one by checks."""
    if judged not in _BY_CHECKS:
        return judged
    return worst([Verdict.PASS, *(one.verdict for one in checks if one.scored)])
