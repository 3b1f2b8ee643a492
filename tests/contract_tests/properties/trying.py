"""Putting properties and scripts to a client in this process."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.invariants.registry import Judged
from livestorm_contract_tests.properties.properties import PROPERTIES, play_once, run_property
from livestorm_contract_tests.properties.script import Script
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.model_client import ModelClient

BY_ID: Final = {one.case.id: one for one in PROPERTIES}
SETTINGS: Final = Settings(seed="properties")


def tried(
    case: str, client: type[ModelClient], *, examples: int = 15, folder: Path | None = None
) -> CaseResult:
    """Try a property on a client."""
    few = replace(BY_ID[case], examples=examples)
    lease = Lease(lambda: InProcessCarrier(client))
    return run_property(few, lease, settings=SETTINGS, folder=folder)


def broken_invariants(result: CaseResult) -> set[str]:
    """Give the names of the invariants that do not hold."""
    bad = [one.check for one in result.checks if one.verdict is not Verdict.PASS]
    return {check.partition(":")[2] for check in bad}


def judged(case: str, client: type[ModelClient], script: Script) -> Judged:
    """Play a script of a property to a client."""
    lease = Lease(lambda: InProcessCarrier(client))
    return play_once(BY_ID[case].case, script, lease, SETTINGS)


def broken_by(case: str, client: type[ModelClient], script: Script) -> set[str]:
    """Play a script of a property to a client; give the names of the invariants that break."""
    return {name for name, told in judged(case, client, script).items() if told is not None}
