"""What did not pass, grouped by root cause: what a mend would turn green comes first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median_low
from typing import Final

from ..runs.catalogue import all_cases_and_properties, all_checks
from ..runs.run import Run
from ..suite.case_result import CaseResult
from ..suite.causes import ENDS, Cause, cause_of, causes_that_may_be
from ..suite.verdicts import Verdict
from .findings import Finding, end_of, told_once, ways_of
from .shape import Severity

SEVERITIES: Final[Mapping[int, Severity]] = {1: "critical", 2: "high", 3: "medium", 4: "low"}
"""The word for each severity of a case."""

_BAD: Final = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFound:
    """A cause that a run shows."""

    cause: Cause
    cases: Sequence[CaseResult]
    """The cases that show it, in the order of the catalogue."""
    findings: Sequence[Finding]
    """What shows it; evidence that several have stands with the first."""
    alone: int
    """How many cases pass once this is mended, as nothing else keeps them from it."""
    is_warning: bool
    """Whether it fails nothing."""

    @property
    def severity(self) -> Severity:
        """The word for it."""
        return SEVERITIES[severity_of(self.cause)]

    @property
    def word(self) -> str:
        """What it is called: a warning, or its severity."""
        return "warning" if self.is_warning else self.severity

    @property
    def told(self) -> str:
        """What the client did, as far as a check says more than what it requires."""
        return next((one.found for one in self.findings if one.found), "")

    @property
    def counted(self) -> str:
        """How many checks and cases it has, in words."""
        return f"{_number(len(self.findings), 'check')}, {_number(len(self.cases), 'case')}"

    def of_case(self, result: CaseResult) -> list[Finding]:
        """Give what shows it in one of its cases."""
        return [one for one in self.findings if one.check.partition(":")[0] == result.case.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """One check or end of one case that points to a cause."""

    cause: Cause
    result: CaseResult
    finding: Finding
    is_warning: bool


@cache
def severity_by_cause() -> Mapping[str, int]:
    """Give the median severity of the cases of each cause, by its id; of two, the worse.

    What shows a cause however it was reported goes before what does so only now and then.
    """
    always: dict[str, list[int]] = {}
    at_times: dict[str, list[int]] = {}
    for case in all_cases_and_properties().values():
        for check in (f"{case.id}:{name}" for name in (*all_checks(case), *ENDS)):
            always.setdefault(cause_of(check).id, []).append(case.severity)
            for cause in causes_that_may_be(check):
                at_times.setdefault(cause, []).append(case.severity)
    return {name: median_low(always.get(name, found)) for name, found in at_times.items()}


def severity_of(cause: Cause) -> int:
    """Give the severity of a cause, 1 to 4."""
    return severity_by_cause()[cause.id]


def causes_of(run: Run) -> list[CauseFound]:
    """Group the failures and warnings of a run by cause.

    First what leaves cases unknown, what fails the run, what keeps most cases by itself from
    passing, what is most severe.
    """
    signs = [
        sign for result in run.results for sign in _once(_with_what_follows([*_signs(result)]))
    ]
    alone = _alone(signs)
    by_cause: dict[str, list[_Sign]] = {}
    for sign in signs:
        by_cause.setdefault(sign.cause.id, []).append(sign)
    found = [_found(of_cause, alone.count(name)) for name, of_cause in by_cause.items()]
    once = told_once()
    return [
        replace(one, findings=[once(finding) for finding in one.findings])
        for one in sorted(found, key=_urgency)
    ]


def _urgency(found: CauseFound) -> tuple[bool, bool, int, int, int, str]:
    is_known = any(one.verdict is not Verdict.ERROR for one in found.cases)
    severity, cases = severity_of(found.cause), len(found.cases)
    return is_known, found.is_warning, -found.alone, severity, -cases, found.cause.id


def _signs(result: CaseResult) -> Iterator[_Sign]:
    """Give what a case shows that counts, unless the baseline expects it."""
    if not result.scored:
        return
    ended = result.verdict in ENDS
    bad = [one for one in result.checks if one.verdict in _BAD and one.scored]
    found = [(way, one.verdict is Verdict.WARN) for one in bad for way in ways_of(one)]
    if ended:
        found.append((end_of(result, result.verdict), False))
    if ended or result.verdict in _BAD:
        for finding, warns in found:
            cause = cause_of(finding.check, finding.reported)
            yield _Sign(cause=cause, result=result, finding=finding, is_warning=warns)


def _with_what_follows(signs: Sequence[_Sign]) -> list[_Sign]:
    """Count what is only a consequence for the first cause that fails the case beside it."""
    own = (one.cause for one in signs if not (one.cause.is_consequence or one.is_warning))
    first = next(own, None)
    return [
        replace(one, cause=first) if one.cause.is_consequence and first else one for one in signs
    ]


def _once(signs: Sequence[_Sign]) -> list[_Sign]:
    """Leave a check that points to a cause in several ways the first of them."""
    firsts: dict[tuple[str, str], _Sign] = {}
    for one in signs:
        firsts.setdefault((one.finding.check, one.cause.id), one)
    return list(firsts.values())


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _alone(signs: Sequence[_Sign]) -> list[str]:
    """Give, for each case that one cause alone keeps from passing, that cause's id."""
    of_case: dict[str, set[str]] = {}
    for sign in signs:
        if not sign.is_warning:
            of_case.setdefault(sign.result.case.id, set()).add(sign.cause.id)
    return [name for names in of_case.values() if len(names) == 1 for name in names]


def _found(signs: Sequence[_Sign], alone: int) -> CauseFound:
    return CauseFound(
        cause=signs[0].cause,
        cases=list({sign.result.case.id: sign.result for sign in signs}.values()),
        findings=[sign.finding for sign in signs],
        alone=alone,
        is_warning=all(sign.is_warning for sign in signs),
    )
