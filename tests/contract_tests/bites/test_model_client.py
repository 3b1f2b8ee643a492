"""The model client does everything right."""

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put
from .model_client import ModelClient


@pytest.mark.parametrize("case", sorted(all_cases()))
def test_model_client_passes(put: Put, case: str) -> None:
    """What a broken client fails, the model client passes, or the case is not for it."""
    result = put(case, ModelClient)
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)
