"""A client that can connect, and nothing else."""

from typing import Any, ClassVar

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put
from .model_client import ModelClient


class Bare(ModelClient):
    """Tells nothing of its store, has no clock, and takes one command at a time."""

    ops = ("begin", "callback")
    features: ClassVar[dict[str, Any]] = {
        "pkce": True,
        "iss": True,
        "auth_methods": ["client_secret_post"],
        "base_path": True,
    }


@pytest.mark.parametrize("case", sorted(all_cases()))
def test_bare_client_passes(put: Put, case: str) -> None:
    """No case holds against a client what it does not offer."""
    result = put(case, Bare)
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize("case", ["A08", "B01", "B02", "B03", "B05"])
def test_bare_client_is_judged_by_what_it_has(put: Put, case: str) -> None:
    """A callback can be judged without a look into the store."""
    assert put(case, Bare).verdict is Verdict.PASS
