"""Levels of requirements, and verdicts on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """The strength of a requirement."""

    MUST = "MUST"
    """Broken, it fails."""
    SHOULD = "SHOULD"
    """Broken, it is a warning; under `--strict` it fails."""
    ROBUST = "ROBUST"
    """No specification demands it; broken, it fails in the profile that contains it."""


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


FROM_BAD_TO_GOOD = (
    Verdict.ERROR,
    Verdict.CRASH,
    Verdict.HANG,
    Verdict.FAIL,
    Verdict.WARN,
    Verdict.PASS,
    Verdict.SKIP,
)
"""Of several variants, the worst decides."""

NOT_PASSED = frozenset({Verdict.ERROR, Verdict.CRASH, Verdict.HANG, Verdict.FAIL, Verdict.XPASS})
"""What makes a run end with status 1 or 2."""

BAD = frozenset({Verdict.ERROR, Verdict.CRASH, Verdict.HANG, Verdict.FAIL, Verdict.WARN})
"""What a client does not do as it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one case; `check` is its full id, `C09:store-unchanged`."""

    check: str
    level: Level
    verdict: Verdict
    requirement: str
    evidence: Mapping[str, object] = field(default_factory=dict)
    scored: bool = True
    """Whether it counts: the set of requirements by which the client is scored may not hold it."""


OTHERWISE: Final = "otherwise"
"""The member of a check's evidence for variants in which it did not pass in another way."""


def reported_in(evidence: Mapping[str, object]) -> str:
    """Give the kind that was reported of the last operation that shows a check, or none."""
    outcomes = evidence.get("outcomes")
    last = outcomes[-1] if isinstance(outcomes, list) and outcomes else {}
    return str(last.get("kind") or "")


def judge(level: Level, *, holds: bool, strict: bool) -> Verdict:
    """Give the verdict on a check."""
    if holds:
        return Verdict.PASS
    return Verdict.WARN if level is Level.SHOULD and not strict else Verdict.FAIL


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the worst of some verdicts; SKIP where there is none."""
    return min(verdicts, key=FROM_BAD_TO_GOOD.index, default=Verdict.SKIP)
