"""The baseline: what is known to fail, to be flaky, or not to apply, each with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from ..suite.case import Case
from ..suite.case_result import CaseResult
from ..suite.verdicts import CheckResult, Verdict, worst
from .catalogue import all_cases_and_properties


class BaselineError(Exception):
    """A baseline file can't be used; the text names the file, the entry and what is wrong."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry; `id` is a case or property (`G03`, `P01`) or one of its checks (`P01:INV-2`)."""

    id: str
    reason: str
    until: date | None = None
    """The last day on which it counts."""
    issue: str | None = None


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A baseline file as a whole."""

    expected_failures: tuple[Entry, ...] = ()
    known_flaky: tuple[Entry, ...] = ()
    not_applicable: tuple[Entry, ...] = ()


_FAILED = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.HANG, Verdict.CRASH})


def load_baseline(path: Path | None) -> Baseline:
    """Read a file; an empty baseline where there is none.

    Raises BaselineError, also for an id that is no case and no check.
    """
    import yaml

    if path is None:
        return Baseline()
    try:
        baseline = msgspec.convert(yaml.safe_load(path.read_text("utf-8")) or {}, Baseline)
    except OSError as error:
        raise BaselineError(f"{path}: can't be read: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BaselineError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    except msgspec.ValidationError as error:
        raise BaselineError(f"{path}: {error}") from None
    cases = all_cases_and_properties()
    checks = (f"{case.id}:{check}" for case in cases.values() for check in case.checks)
    known = {*cases, *checks}
    for table in ("expected_failures", "known_flaky", "not_applicable"):
        for index, entry in enumerate(getattr(baseline, table)):
            if entry.id not in known:
                where = f"{table}[{index}].id"
                raise BaselineError(f"{path}: {where} is {entry.id!r}; expected a case or a check")
    return baseline


def not_applicable(case: Case, baseline: Baseline, today: date) -> str | None:
    """Give the reason for which a case is not run."""
    entry = _entry(baseline.not_applicable, case.id, today)
    return None if entry is None else f"not-applicable: {entry.reason}"


def applied(result: CaseResult, baseline: Baseline, today: date) -> CaseResult:
    """Give a result in the light of the baseline."""
    if result.verdict in (Verdict.SKIP, Verdict.ERROR):
        return result
    if flaky := _entry(baseline.known_flaky, result.case.id, today):
        return replace(result, verdict=Verdict.FLAKY, reason=f"known-flaky: {flaky.reason}")
    if expected := _entry(baseline.expected_failures, result.case.id, today):
        return _expected(result, expected)
    checks = [_applied_to_check(check, baseline, today) for check in result.checks]
    if checks == list(result.checks):
        return result
    return _by_checks(replace(result, checks=checks))


def _expected(result: CaseResult, entry: Entry) -> CaseResult:
    fails = result.verdict in _FAILED
    verdict = Verdict.XFAIL if fails else Verdict.XPASS
    told = "expected-failure" if fails else "passes, though the baseline expects a failure"
    return replace(result, verdict=verdict, reason=f"{told}: {entry.reason}")


def _applied_to_check(check: CheckResult, baseline: Baseline, today: date) -> CheckResult:
    if entry := _entry(baseline.known_flaky, check.check, today):
        return replace(check, verdict=Verdict.FLAKY, evidence={"baseline": entry.reason})
    entry = _entry(baseline.expected_failures, check.check, today)
    if entry is None:
        return check
    verdict = Verdict.XFAIL if check.verdict in _FAILED else Verdict.XPASS
    return replace(check, verdict=verdict, evidence={**check.evidence, "baseline": entry.reason})


def _by_checks(result: CaseResult) -> CaseResult:
    """Judge a case by its checks, some of which the baseline speaks of."""
    verdicts = [check.verdict for check in result.checks]
    plain = [one for one in verdicts if one not in (Verdict.XFAIL, Verdict.XPASS, Verdict.FLAKY)]
    if result.verdict in (Verdict.HANG, Verdict.CRASH) or worst(plain) in _FAILED:
        return replace(result, verdict=worst([*plain, result.verdict]))
    if Verdict.XPASS in verdicts:
        stale = [check.check for check in result.checks if check.verdict is Verdict.XPASS]
        told = f"passes, though the baseline expects a failure: {', '.join(stale)}"
        return replace(result, verdict=Verdict.XPASS, reason=told)
    expected = Verdict.XFAIL in verdicts
    return replace(result, verdict=Verdict.XFAIL if expected else Verdict.PASS)


def _entry(entries: Sequence[Entry], wanted: str, today: date) -> Entry | None:
    return next(
        (one for one in entries if one.id == wanted and (one.until is None or today <= one.until)),
        None,
    )
