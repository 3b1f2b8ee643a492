"""All cases, in the order of the catalogue."""

import pkgutil
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Final

from .. import cases
from ..properties.properties import PROPERTIES
from ..suite.case import Case
from ..suite.verdict_book import IN_EACH_CASE

_MOST: Final = 10
"""How many names are told where none is near."""


@cache
def all_cases() -> Mapping[str, Case]:
    """Give every case by its id."""
    names = [module.name for module in pkgutil.iter_modules(cases.__path__)]
    found = [import_module(f"{cases.__name__}.{name}") for name in names]
    listed = [module.CASE for module in found if hasattr(module, "CASE")]
    return {case.id: case for case in sorted(listed, key=lambda case: case.id)}


@cache
def all_cases_and_properties() -> Mapping[str, Case]:
    """Give every case by its id, then the case of each property."""
    return {**all_cases(), **{name: one.case for name, one in PROPERTIES.items()}}


def all_checks(case: Case) -> Mapping[str, str]:
    """Give the name of each check of a case, with what it requires."""
    return {**case.checks, **IN_EACH_CASE}


class UnknownCaseError(Exception):
    """There is no such case, or no such profile; the text names the nearest."""


def find_case(name: str) -> Case:
    """Give a case or a property by its id, in capitals or not. Raises UnknownCaseError."""
    known = all_cases_and_properties()
    if name.upper() not in known:
        raise UnknownCaseError(f"there is no case {name!r}; {_near_case(name.upper(), known)}")
    return known[name.upper()]


def _near_case(name: str, known: Collection[str]) -> str:
    """Say which case may have been meant, or in which sections they are."""
    if get_close_matches(name, known, n=1):
        return nearest(name, known)
    sections = dict.fromkeys(one.rstrip("0123456789") for one in known)
    return f"there are the sections {', '.join(sections)}: `livestorm-mock cases` lists all"


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of some names may have been meant."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if len(names) <= _MOST:
        return f"expected one of: {', '.join(names)}"
    told = f"expected one of: {', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return f"{told}: `livestorm-mock cases` lists all"
