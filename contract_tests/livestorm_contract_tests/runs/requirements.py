"""The frozen sets of requirements: what a client is scored by, whatever is judged beside it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from ..properties.properties import PROPERTIES
from ..suite.case import Case
from ..suite.verdicts import Level
from .catalogue import nearest

UNSCORED: Final = "not scored"
"""What stands in the place of a profile where a set does not hold a case."""

DRAWN: Final = "properties"
"""What stands there where it holds a property: these are in no profile."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One profile of a set."""

    requires: tuple[str, ...]
    """Operations and features without which a client can't pass it."""


class Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What counts of a case or a property; what it judges beyond this does not."""

    profile: str | None = None
    needs: tuple[str, ...] = ()
    """Where a client lacks one of these, the case was not put to it."""
    variants: tuple[str, ...] = ("",)
    draws: int = 0
    """The highest number of a property's scripts that counts."""
    must: tuple[str, ...] = ()
    should: tuple[str, ...] = ()
    robust: tuple[str, ...] = ()

    @property
    def checks(self) -> Sequence[str]:
        """The names of the checks that count."""
        return (*self.must, *self.should, *self.robust)

    def level_of(self, check: str) -> Level | None:
        """Give the level of a check by its name; None where it does not count."""
        names = {Level.MUST: self.must, Level.SHOULD: self.should, Level.ROBUST: self.robust}
        return next((level for level, checks in names.items() if check in checks), None)


class Requirements(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set."""

    name: str
    released: date | None = None
    """When it was; from then on it never changes. Without a day it is a draft."""
    profiles: Mapping[str, Profile]
    alternatives: Mapping[str, tuple[object, ...]]
    """The values of open questions under which the core counts."""
    in_each_case: Frozen
    """The checks that every case has beside its own."""
    cases: Mapping[str, Frozen]

    def profile_of(self, case: str) -> str | None:
        """Give the profile of a case, None where it is in none."""
        frozen = self.cases.get(case)
        return None if frozen is None else frozen.profile

    def shown_profile(self, case: str) -> str:
        """Give what stands for the profile of a case in a report."""
        return self.profile_of(case) or (DRAWN if case in self.cases else UNSCORED)

    def cases_of(self, profile: str) -> list[str]:
        """Give the cases of a profile."""
        return [case for case, frozen in self.cases.items() if frozen.profile == profile]

    @property
    def ids(self) -> Iterator[str]:
        """The ids of all cases, and of all checks."""
        for case, frozen in self.cases.items():
            checks = (*frozen.checks, *self.in_each_case.checks)
            yield from (case, *(f"{case}:{check}" for check in checks))

    def level_of(self, case: str, check: str) -> Level | None:
        """Give the level of a check of a case; None where it does not count."""
        frozen = self.cases.get(case)
        if frozen is None:
            return None
        return frozen.level_of(check) or self.in_each_case.level_of(check)


class UnknownSetError(Exception):
    """There is no such set; the text names the nearest."""


@cache
def all_sets() -> Mapping[str, Requirements]:
    """Give every set by its name, the oldest first."""
    folder = files(__package__) / "requirement_sets"
    texts = {
        file.name.removesuffix(".toml"): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return {name: read_set(name, texts[name]) for name in sorted(texts, key=_age)}


def read_set(name: str, text: str) -> Requirements:
    """Read a set from TOML. Raises msgspec.ValidationError."""
    return msgspec.convert({"name": name, **tomllib.loads(text)}, Requirements)


def newest() -> Requirements:
    """Give the newest set that is released, by which a client is scored unless it names one."""
    return [one for one in all_sets().values() if one.released is not None][-1]


def find_set(name: str | None) -> Requirements:
    """Give a set by its name, the newest without one. Raises UnknownSetError."""
    if name is None:
        return newest()
    if name not in all_sets():
        raise UnknownSetError(f"there is no set {name!r}; {nearest(name, all_sets())}")
    return all_sets()[name]


def all_ids() -> Iterator[str]:
    """Give all ids that builds may name, also of what the suite does not judge any more."""
    return (name for one in all_sets().values() for name in one.ids)


def holding(case: str, check: str | None = None) -> list[str]:
    """Name the sets that hold a case, or one of its checks."""
    return [
        name
        for name, one in all_sets().items()
        if case in one.cases and (check is None or one.level_of(case, check) is not None)
    ]


def in_profiles(
    requirements: Requirements, profiles: Sequence[str], cases: Iterable[str]
) -> set[str]:
    """Give those of some cases that are in profiles of a set.

    A case that it does not hold is where a newer set has it, to be run and shown.
    """
    return {case for case in cases if profile_by(requirements, case) in profiles}


def profile_by(requirements: Requirements, case: str) -> str | None:
    """Give the profile of a case in a set, or in the newest that has the case."""
    sets = [requirements, *list(all_sets().values())[::-1]]
    return next((one.profile_of(case) for one in sets if case in one.cases), None)


def draws_of(case: Case) -> int:
    """Give the number of the scripts that are drawn for a property, 0 for a case."""
    return PROPERTIES[case.id].draws if case.id in PROPERTIES else 0


def _age(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))
