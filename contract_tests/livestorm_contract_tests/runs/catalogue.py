"""All cases, in the order of the catalogue."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from .. import cases
from ..properties.properties import PROPERTIES
from ..suite.case import Case
from ..suite.verdict_book import IN_EACH_CASE


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
