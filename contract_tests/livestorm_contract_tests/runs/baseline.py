"""The baseline: what is known to fail, to be flaky, or not to apply, each with a reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec

from ..properties.properties import PROPERTIES
from ..suite.case import Case
from ..suite.case_result import CaseResult
from ..suite.verdicts import BAD, CheckResult, Verdict, worst

TO_DO: Final = "to be explained: "
"""What the reason of an entry begins with that nobody has given one yet."""


ONCE: Final = "failed one time out of two: "
"""What the reason of an entry goes on with that is flaky."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry; `id` is a case or property (`G03`, `P01`) or one of its checks (`P01:INV-2`)."""

    id: str
    reason: str
    until: date | None = None
    """The last day on which it counts."""
    issue: str | None = None
    only_if: str | None = None
    """The open question about Livestorm under which alone it holds, in a run with `--variants`."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A baseline file as a whole."""

    seed: str | None = None
    """The seed with which it was written: another one draws other scripts of the properties."""
    requirements: str | None = None
    """The set by which the client was scored when it was written."""
    expected_failures: tuple[Entry, ...] = ()
    known_flaky: tuple[Entry, ...] = ()
    not_applicable: tuple[Entry, ...] = ()

    @property
    def entries(self) -> Sequence[Entry]:
        """All of them."""
        return (*self.expected_failures, *self.known_flaky, *self.not_applicable)


def not_applicable(case: Case, baseline: Baseline, today: date) -> str | None:
    """Give the reason for which a case is not run."""
    entry = _entry(baseline.not_applicable, case.id, today)
    return None if entry is None else f"not-applicable: {entry.reason}"


def applied(result: CaseResult, baseline: Baseline, today: date) -> CaseResult:
    """Give a result in the light of the baseline."""
    if result.verdict is Verdict.SKIP:
        return result
    if not result.only_if:
        baseline = _without_open_questions(baseline)
    if flaky := _entry(baseline.known_flaky, result.case.id, today):
        return replace(result, verdict=Verdict.FLAKY, reason=f"known-flaky: {flaky.reason}")
    if expected := _entry(baseline.expected_failures, result.case.id, today):
        return _expected(result, expected)
    if result.verdict is Verdict.ERROR:
        return result
    may_pass = bool(result.case.left_out) or result.case.id in PROPERTIES
    checks = [
        _applied_to_check(check, baseline, today, may_pass=may_pass) for check in result.checks
    ]
    if checks == list(result.checks):
        return result
    return _by_checks(replace(result, checks=checks))


def _without_open_questions(baseline: Baseline) -> Baseline:
    """Leave what fails as far as Livestorm is known."""
    kept = tuple(one for one in baseline.expected_failures if one.only_if is None)
    return msgspec.structs.replace(baseline, expected_failures=kept)


def _expected(result: CaseResult, entry: Entry) -> CaseResult:
    if result.verdict in BAD:
        verdict, told = Verdict.XFAIL, "expected-failure"
    elif result.case.id in PROPERTIES:
        # What was drawn need not find again what was found once.
        verdict, told = (
            Verdict.PASS,
            "passes with what was drawn this time, but is expected to fail",
        )
    elif result.case.left_out:
        verdict, told = Verdict.PASS, "passes in the first variant, but is expected to fail"
    else:
        verdict, told = Verdict.XPASS, "passes, though the baseline expects a failure"
    reason = f"{told}: {entry.reason}"
    return replace(result, verdict=verdict, reason=reason, is_broken=False)


def expired(baseline: Baseline, cases: Iterable[Case], today: date) -> list[Entry]:
    """Give the entries about some cases that count no longer."""
    known = {case.id for case in cases}
    return [
        one
        for one in baseline.entries
        if one.until is not None and one.until < today and one.id.partition(":")[0] in known
    ]


def with_failures(
    baseline: Baseline,
    results: Iterable[CaseResult],
    again: Mapping[str, CaseResult] = MappingProxyType({}),
) -> Baseline:
    """Add what failed in the light of a baseline; a reason is to be given by somebody.

    `again` has what came out of cases that were played a second time: what failed once only is
    flaky.
    """
    failures: list[Entry] = []
    flaky: list[Entry] = []
    for result in results:
        always, once = _failures_of_both(result, again.get(result.case.id))
        asked = "; ".join(result.only_if) or None
        failures += [
            Entry(id=name, reason=f"{TO_DO}{told}", only_if=asked) for name, told in always.items()
        ]
        flaky += [Entry(id=name, reason=f"{TO_DO}{ONCE}{told}") for name, told in once.items()]
    added = {one.id for one in (*failures, *flaky)}

    def others(entries: Sequence[Entry]) -> Iterator[Entry]:
        """Leave out what counts no longer, or not here: it makes room in any list."""
        return (one for one in entries if one.id not in added)

    return msgspec.structs.replace(
        baseline,
        expected_failures=(*others(baseline.expected_failures), *failures),
        known_flaky=(*others(baseline.known_flaky), *flaky),
        not_applicable=tuple(others(baseline.not_applicable)),
    )


def _failures_of_both(
    result: CaseResult, again: CaseResult | None
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Give what failed, by id, each time that a case was played, and what failed once only."""
    first = dict(_failures(result))
    second = first if again is None else dict(_failures(again))
    whole = result.case.id
    if first and second and whole in first.keys() ^ second.keys():
        return {whole: result.case.requirement}, {}
    both = first | second
    once = {name: both[name] for name in both if (name in first) != (name in second)}
    return {name: told for name, told in both.items() if name not in once}, once


def without_passes(
    baseline: Baseline,
    results: Iterable[CaseResult],
    *,
    seed: str | None = None,
    under_questions: bool = False,
) -> Baseline:
    """Remove the expected failures that passed; those of checks that were not made may stay.

    Those of properties stay unless `seed` is the baseline's, as another one draws other scripts,
    and those that hold under an open question only stay unless the run was put `under_questions`.
    """
    drawn = () if seed is not None and seed == baseline.seed else PROPERTIES
    known = [one for one in results if one.case.id not in drawn]
    passed = {name for result in known for name in _passes(result)}
    whole = {one.case.id for one in known if one.case.id in passed and _is_judged_in_full(one)}
    kept = [
        one
        for one in baseline.expected_failures
        if (one.only_if is not None and not under_questions)
        or (one.id not in passed and one.id.partition(":")[0] not in whole)
    ]
    return msgspec.structs.replace(baseline, expected_failures=tuple(kept))


def _failures(result: CaseResult) -> Iterator[tuple[str, str]]:
    """Give ids, with what is required: of the checks that failed, or of the whole case.

    What a property's scripts break, and what a client that hangs gets to, is a matter of luck.
    """
    if result.verdict not in BAD or not result.scored:
        return
    failed = [one for one in result.checks if one.verdict in BAD and one.scored]
    by_checks = result.verdict in (Verdict.FAIL, Verdict.WARN) and result.case.id not in PROPERTIES
    if by_checks and failed:
        yield from ((one.check, one.requirement) for one in failed)
    else:
        yield result.case.id, result.case.requirement


def _is_judged_in_full(result: CaseResult) -> bool:
    """Tell whether each check of a case was made, as far as that depends on the run."""
    return not (result.case.left_out or result.skipped or result.left_open)


def _passes(result: CaseResult) -> Iterator[str]:
    """Give the ids of what passed for certain."""
    if result.case.left_out:
        return
    if result.verdict in (Verdict.PASS, Verdict.XPASS):
        yield result.case.id
    yield from (one.check for one in result.checks if one.verdict in (Verdict.PASS, Verdict.XPASS))


def _applied_to_check(
    check: CheckResult, baseline: Baseline, today: date, *, may_pass: bool
) -> CheckResult:
    """See a check in the light of a baseline; where it `may_pass`, it is not stale by that."""
    if entry := _entry(baseline.known_flaky, check.check, today):
        return replace(check, verdict=Verdict.FLAKY, evidence={"baseline": entry.reason})
    entry = _entry(baseline.expected_failures, check.check, today)
    if entry is None or (check.verdict not in BAD and may_pass):
        return check
    verdict = Verdict.XFAIL if check.verdict in BAD else Verdict.XPASS
    return replace(check, verdict=verdict, evidence={**check.evidence, "baseline": entry.reason})


def _by_checks(result: CaseResult) -> CaseResult:
    """Judge a case by its checks, some of which the baseline speaks of."""
    verdicts = [check.verdict for check in result.checks if check.scored]
    plain = [one for one in verdicts if one not in (Verdict.XFAIL, Verdict.XPASS, Verdict.FLAKY)]
    if result.verdict in (Verdict.HANG, Verdict.CRASH) or worst(plain) in BAD:
        return replace(result, verdict=worst([*plain, result.verdict]))
    if Verdict.XPASS in verdicts:
        stale = [one.check for one in result.checks if one.scored and one.verdict is Verdict.XPASS]
        told = f"passes, though the baseline expects a failure: {', '.join(stale)}"
        return replace(result, verdict=Verdict.XPASS, reason=told)
    expected = Verdict.XFAIL in verdicts
    return replace(result, verdict=Verdict.XFAIL if expected else Verdict.PASS)


def _entry(entries: Sequence[Entry], wanted: str, today: date) -> Entry | None:
    return next(
        (one for one in entries if one.id == wanted and (one.until is None or today <= one.until)),
        None,
    )
