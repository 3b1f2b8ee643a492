"""Recorded cases that are known to differ, each with its reason."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .replayer import Verdict

FILE = Path(__file__).parent / "exclusions.toml"


class Exclusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case that differs in some releases, and why."""

    case: str
    releases: tuple[str, ...]
    reason: str


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Verdicts by what they mean for the run: it is good without `differing` and `stale`."""

    agreeing: tuple[Verdict, ...]
    differing: tuple[Verdict, ...]
    excluded: tuple[Verdict, ...]
    stale: tuple[Verdict, ...]
    """Excluded cases that agree."""


def load_exclusions(file: Path = FILE) -> tuple[Exclusion, ...]:
    """Read the exclusions; raises `msgspec.ValidationError` for unknown or missing keys."""
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File).exclusions


def judge(verdicts: Iterable[Verdict], release: str, exclusions: tuple[Exclusion, ...]) -> Outcome:
    """Sort the verdicts of one release by agreement and exclusion."""
    names = {exclusion.case for exclusion in exclusions if release in exclusion.releases}
    sorted_verdicts: dict[tuple[bool, bool], list[Verdict]] = {}
    for verdict in verdicts:
        kind = (verdict.agrees, verdict.case.name in names)
        sorted_verdicts.setdefault(kind, []).append(verdict)
    return Outcome(
        agreeing=tuple(sorted_verdicts.get((True, False), ())),
        differing=tuple(sorted_verdicts.get((False, False), ())),
        excluded=tuple(sorted_verdicts.get((False, True), ())),
        stale=tuple(sorted_verdicts.get((True, True), ())),
    )
