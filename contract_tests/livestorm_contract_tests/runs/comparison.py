"""What a change made better or worse: an earlier report of `check --json` beside a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from ..suite.verdicts import BAD, Verdict
from .catalogue import all_cases_and_properties, all_checks

_MOST: Final = 50_000_000
"""Bytes of a report that is read; a device would never end."""

_NOT_JUDGED: Final = frozenset({Verdict.SKIP, Verdict.FLAKY})
_ENDED: Final = frozenset({Verdict.HANG, Verdict.CRASH, Verdict.ERROR})
_FAILS: Final = BAD | {Verdict.XFAIL}


class ReportedCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check in a report."""

    check: str
    verdict: Verdict
    scored: bool = True


class ReportedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a report."""

    case: str
    verdict: Verdict
    profile: str | None = None
    scored: bool = True
    left_out: tuple[str, ...] = ()
    checks: tuple[ReportedCheck, ...] = ()


class ReportedSuite(msgspec.Struct, frozen=True, kw_only=True):
    """The suite that made it."""

    version: str | int
    requirements: str | None = None


class ReportedClient(msgspec.Struct, frozen=True, kw_only=True):
    """The client that it is about."""

    name: str
    version: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a report as is compared."""

    suite: ReportedSuite
    client: ReportedClient
    seed: str
    strict: bool
    cases: tuple[ReportedCase, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A check, or a case as a whole where it could not be judged to its end, then and now."""

    id: str
    """The check, or the case as a whole."""
    before: Verdict | None
    """What came out then; None where it was not judged."""
    after: Verdict | None
    """What came out now."""
    scored: bool = True
    """Whether it counts now."""

    @property
    def fails(self) -> bool:
        """Whether it fails now."""
        return self.after in _FAILS

    @property
    def is_newly_failing(self) -> bool:
        """Whether it did not fail before, or was a warning only."""
        worse = self.before is Verdict.WARN and self.after in BAD - {Verdict.WARN}
        return self.fails and (self.before not in _FAILS or worse)

    def __str__(self) -> str:
        told = f"{self.before or 'not judged'} to {self.after or 'not judged'}"
        return f"{self.id} ({told}{'' if self.scored else ', not scored'})"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier report and a run."""

    file: str
    """The earlier report."""
    differences: tuple[str, ...]
    """What else is not as it was, in words."""
    newly_failing: tuple[Change, ...]
    """What fails, and did not."""
    mended: tuple[Change, ...]
    """What failed, and does not."""
    still_failing: tuple[Change, ...]
    """What failed, and fails."""
    not_judged: tuple[Change, ...]
    """What failed, and was not judged this time."""
    new_cases: tuple[str, ...]
    """Those that the earlier report does not have."""
    gone_cases: tuple[str, ...]
    """Those that the suite does not have any more."""
    not_run: tuple[str, ...]
    """Those that were not asked for this time."""

    @property
    def counted(self) -> str:
        """How much is worse and better, in words."""
        counts = {
            "newly failing": self.newly_failing,
            "mended": self.mended,
            "still failing": self.still_failing,
            "not judged any more": self.not_judged,
        }
        told = [f"{len(found)} {name}" for name, found in counts.items() if found]
        return ", ".join(told) or "all as it was"


class ComparisonError(Exception):
    """A file can't be compared with; the text names the file, and what is wrong."""


def load_earlier(path: Path) -> Report:
    """Read a report. Raises ComparisonError."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except OSError as error:
        raise ComparisonError(f"{path}: can't be read: {error.strerror}") from None
    if len(content) > _MOST:
        raise ComparisonError(f"{path}: has more than {_MOST} bytes")
    try:
        return msgspec.json.decode(content, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ComparisonError(f"{path}: no report of `check --json`: {error}") from None


def compare(path: Path, before: Report, after: Report) -> Comparison:
    """Compare two reports; `path` is where the earlier one is."""
    then, now = ({one.case: one for one in each.cases} for each in (before, after))
    both = [(then[case], one) for case, one in now.items() if case in then]
    changes = [change for old, new in both for change in _changes(old, new)]
    known = all_cases_and_properties()
    missing = [case for case in then if case not in now]
    return Comparison(
        file=str(path),
        differences=tuple(_differences(before, after)),
        newly_failing=tuple(one for one in changes if one.is_newly_failing),
        mended=tuple(one for one in changes if one.after is not None and not one.fails),
        still_failing=tuple(one for one in changes if one.fails and not one.is_newly_failing),
        not_judged=tuple(one for one in changes if one.after is None),
        new_cases=tuple(case for case in now if case not in then),
        gone_cases=tuple(case for case in missing if case not in known),
        not_run=tuple(case for case in missing if case in known),
    )


def _differences(before: Report, after: Report) -> Iterator[str]:
    """Say what else is not as it was, which is compared all the same."""
    then, now = _circumstances(before), _circumstances(after)
    for name, value in then.items():
        if now[name] != value:
            yield f"{name}: {value or 'none'} before, {now[name] or 'none'} now"


def _circumstances(report: Report) -> dict[str, str]:
    profiles = dict.fromkeys(one.profile for one in report.cases if one.profile)
    return {
        "client": report.client.name,
        "set": report.suite.requirements or "",
        "suite": str(report.suite.version),
        "profiles": ", ".join(profiles),
        "strict": str(report.strict).lower(),
        "--fast": str(any(one.left_out for one in report.cases)).lower(),
        "seed": report.seed,
    }


def _changes(before: ReportedCase, after: ReportedCase) -> Iterator[Change]:
    """Give what failed before or fails now."""
    then, now = _judged(before), _judged(after)
    for name in dict.fromkeys((*then, *now)):
        old = then[name].verdict if name in then else _unseen(before, name)
        new = now[name].verdict if name in now else _unseen(after, name)
        if _FAILS & {old, new}:
            scored = now[name].scored if name in now else after.scored
            yield Change(id=name, before=old, after=new, scored=scored)


def _judged(case: ReportedCase) -> dict[str, ReportedCheck]:
    """Give the checks of a case that were judged, and its end where that was a bad one.

    Where some variants were left out, what passed in the others may fail in those.
    """
    if case.verdict in _NOT_JUDGED:
        return {}
    found = {
        one.check: one
        for one in case.checks
        if one.verdict not in _NOT_JUDGED and not case.left_out
    }
    found |= {one.check: one for one in case.checks if one.verdict in _FAILS}
    if not _is_whole(case) and (case.verdict in _FAILS or not case.left_out):
        found[case.case] = ReportedCheck(check=case.case, verdict=case.verdict, scored=case.scored)
    return found


def _unseen(case: ReportedCase, check: str) -> Verdict | None:
    """Give the verdict on a check that was not made: a case that was judged has not failed it."""
    is_end = check == case.case
    of_case = all_checks(all_cases_and_properties()[case.case])
    is_known = is_end or check.partition(":")[2] in of_case
    is_judged = case.verdict not in _NOT_JUDGED and not case.left_out
    was_judged = is_judged and (_is_whole(case) or is_end)
    return Verdict.PASS if is_known and was_judged else None


def _is_whole(case: ReportedCase) -> bool:
    """Tell whether a case was judged to its end."""
    bad = any(one.verdict in _FAILS for one in case.checks)
    return case.verdict not in _ENDED and (case.verdict is not Verdict.XFAIL or bad)
