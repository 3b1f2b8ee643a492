"""What came out of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .case import Case
from .masking import Mask
from .verdicts import (
    BAD,
    FROM_BAD_TO_GOOD,
    NOT_PASSED,
    OTHERWISE,
    CheckResult,
    Verdict,
    reported_in,
    worst,
)


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
    left_open: Sequence[str] = ()
    """The checks that need to know how the client failed, which it did not say."""
    only_if: Sequence[str] = ()
    """The open questions about Livestorm under which alone it does not pass."""
    replay: str | None = None
    """The file that plays it again."""
    script: Mapping[str, object] | None = None
    """What breaks a property, as short as it could be made."""
    hung_at: Mapping[str, object] | None = None
    """The exchange in which it hung, as evidence."""
    scored: bool = True
    """Whether it counts: the set of requirements by which the client is scored may not hold it."""

    @property
    def fails(self) -> bool:
        """Whether the run fails by it."""
        return self.scored and self.verdict in NOT_PASSED

    @property
    def misses(self) -> bool:
        """Whether something in it does not pass that does not count."""
        if not self.scored:
            return self.verdict in BAD
        return any(not one.scored and one.verdict in BAD for one in self.checks)


def without_secrets(result: CaseResult, secrets: Iterable[str]) -> CaseResult:
    """Hide secrets in all that a result tells."""
    mask = Mask(secrets)
    return replace(
        result,
        checks=[
            replace(
                check, evidence={name: mask.evidence(it) for name, it in check.evidence.items()}
            )
            for check in result.checks
        ],
        reason=None if result.reason is None else mask.text(result.reason),
        skipped={name: mask.text(why) for name, why in result.skipped.items()},
        hung_at=None
        if result.hung_at is None
        else {name: mask.evidence(it) for name, it in result.hung_at.items()},
    )


def merged(results: Sequence[CaseResult]) -> CaseResult:
    """Put the variants of a case together: each check once, as it went worst.

    What counts decides; what does not is beside it where it is worse.
    """
    counting = [result for result in results if result.scored] or results
    decisive = min(counting, key=lambda result: FROM_BAD_TO_GOOD.index(result.verdict))
    return replace(
        decisive,
        checks=[with_other_ways(one, results) for one in _merged_checks(results)],
        seconds=sum(result.seconds for result in results),
        is_broken=any(result.is_broken for result in counting),
        variants=[name for result in results for name in result.variants],
        left_open=list(dict.fromkeys(name for result in results for name in result.left_open)),
        skipped={}
        if decisive.verdict is Verdict.SKIP
        else {name: why for result in results for name, why in result.skipped.items()},
    )


def with_other_ways(check: CheckResult, results: Iterable[CaseResult]) -> CheckResult:
    """Add the evidence of the variants in which a check went as badly, but was reported otherwise.

    What keeps a case from passing may have another cause in another variant.
    """
    same = [
        one
        for result in results
        for one in result.checks
        if (one.check, one.scored) == (check.check, check.scored)
    ]
    ways = {reported_in(one.evidence): one.evidence for one in same if one.verdict is check.verdict}
    ways.pop(reported_in(check.evidence), None)
    if not ways:
        return check
    return replace(check, evidence={**check.evidence, OTHERWISE: list(ways.values())})


def _merged_checks(results: Iterable[CaseResult]) -> list[CheckResult]:
    found: dict[tuple[str, bool], CheckResult] = {}
    for one in (check for result in results for check in result.checks):
        known = found.get((one.check, one.scored))
        if known is None or worst([one.verdict, known.verdict]) is not known.verdict:
            found[one.check, one.scored] = one
    return [one for one in found.values() if one.scored or _adds(one, found.get((one.check, True)))]


def _adds(unscored: CheckResult, scored: CheckResult | None) -> bool:
    """Tell whether a check that does not count says more than the same one that does."""
    if scored is None:
        return True
    both = [unscored.verdict, scored.verdict]
    return unscored.verdict is not scored.verdict and worst(both) is unscored.verdict
