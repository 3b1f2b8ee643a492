"""Putting a case or a property to a client."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from livestorm_contract_tests.driving.carrier import Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.properties.properties import (
    PROPERTIES,
    play_again,
    run_property,
)
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.case import Case
from livestorm_contract_tests.suite.case_result import CaseResult, merged
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import CheckResult, Verdict

from ..model_client import client as model
from ..some_cases import ALL
from .table import Bite

_SIDE_BY_SIDE = 3
_ROOT = str(Path(__file__).parents[len(__name__.split(".")) - 1])
_SERVE = "import sys; sys.path.insert(0, sys.argv[1]); from {0} import serve_named; serve_named()"


def put(name: str, bite: Bite, *, whole: bool = True) -> CaseResult:
    """Put the case or property of this id to a client.

    Unless it is to be the `whole` case, none follows the variants by which all has failed that is
    to fail.
    """
    settings = Settings(
        seed="bites", strict=bite.strict, patience=bite.patience, workers=_SIDE_BY_SIDE
    )
    if name in all_cases():
        return _put_case(all_cases()[name], bite, settings, whole=whole or ALL)
    return _tried(name, bite, settings)


def _put_case(case: Case, bite: Bite, settings: Settings, *, whole: bool) -> CaseResult:
    left, results = list(case.variants), list[CaseResult]()
    at_once = len(left) if whole else _SIDE_BY_SIDE
    while left:
        played, left = left[:at_once], left[at_once:]
        part = replace(case, variants=played)
        results += run_cases([part], lambda: started(bite), settings)[1]
        result = merged(results)
        if failed(result) == bite.fails and result.verdict is bite.expected:
            break
    return result


def started(bite: Bite) -> Carrier:
    """Start a client, in this process or in one of its own."""
    if not bite.apart:
        return InProcessCarrier(lambda: model.ModelClient(*bite.parts))
    names = [f"{one.__module__}:{one.__name__}" for one in bite.parts]
    return StdioCarrier([sys.executable, "-c", _SERVE.format(model.__name__), _ROOT, *names])


def failed(result: CaseResult) -> set[str]:
    """Give the names of the checks that failed."""
    return _names(one for one in result.checks if one.verdict is not Verdict.PASS)


def made(result: CaseResult) -> set[str]:
    """Give the names of the checks that were made."""
    return _names(result.checks)


def _names(checks: Iterable[CheckResult]) -> set[str]:
    return {one.check.partition(":")[2] for one in checks}


def _tried(name: str, bite: Bite, settings: Settings) -> CaseResult:
    drawn = PROPERTIES[name]
    lease = Lease(lambda: started(bite))
    if bite.script is not None:
        return play_again(drawn.case, bite.script, lease, settings=settings)
    few = replace(drawn, examples=bite.examples)
    return run_property(few, lease, settings=settings)
