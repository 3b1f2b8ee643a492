"""The profiles: frozen sets of cases."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

VERSION = 1
"""The suite's version: a profile's set never changes under one number."""

UNSCORED = "not scored"
"""What stands in the place of a profile where a case is in none."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One profile of a version."""

    requires: tuple[str, ...]
    """Operations and features without which a client can't pass the profile."""
    cases: tuple[str, ...]


@cache
def profiles(version: int = VERSION) -> Mapping[str, Profile]:
    """Give the profiles of a version by name, in the order of the catalogue."""
    text = (files(__package__) / "sets.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)[str(version)], dict[str, Profile])


def profile_of(case: str) -> str | None:
    """Give the profile that contains a case, None where none does yet."""
    return next((name for name, one in profiles().items() if case in one.cases), None)


def cases_of(names: Sequence[str]) -> list[str]:
    """Give the cases of some profiles."""
    return [case for name in names for case in profiles()[name].cases]
