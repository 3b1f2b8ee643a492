"""Putting cases to a broken client."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from livestorm_contract_tests.driving.carrier import Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.runner import run_cases
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from . import model_client
from .model_client import ModelClient

Put = Callable[..., CaseResult]

_ROOT = str(Path(__file__).parents[len(__name__.split(".")) - 1])
_SERVE = "import sys; sys.path.insert(0, sys.argv[1]); from {0} import serve_class; serve_class()"


def in_own_process(client: type[ModelClient]) -> Carrier:
    """Start a client as a process, for what needs one: kills, stores, standard error."""
    code = _SERVE.format(model_client.__name__)
    return StdioCarrier([sys.executable, "-c", code, _ROOT, client.__module__, client.__name__])


@pytest.fixture
def put() -> Put:
    """Put a case to a client, in this process or in one of its own; give the result."""

    def run(
        case: str,
        client: type[ModelClient],
        *,
        apart: bool = False,
        patience: float = 1.0,
        strict: bool = True,
    ) -> CaseResult:
        start = in_own_process if apart else InProcessCarrier
        settings = Settings(seed="bites", strict=strict, patience=patience)
        _, (result,) = run_cases([all_cases()[case]], lambda: start(client), settings)
        return result

    return run


def failed(result: CaseResult) -> set[str]:
    """Give the names of the checks that failed."""
    bad = [one for one in result.checks if one.verdict is not Verdict.PASS]
    return {one.check.partition(":")[2] for one in bad}
