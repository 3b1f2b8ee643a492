"""The model client does everything right, and its parts can be replaced side by side."""

from collections import Counter

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.play import put
from .bites.table import Bite
from .model_client.client import PLACES, ModelClient
from .model_client.limits import Limits


@pytest.mark.parametrize("case", sorted(all_cases()))
def test_model_client_passes(case: str) -> None:
    """What a broken client fails, the model client passes, or the case is not for it."""
    result = put(case, Bite(()))
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


def test_parts_share_no_name() -> None:
    """A class can stand in several places, as no two parts call different things the same."""
    names = Counter(name for place in PLACES for name in vars(place) if not name.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


def test_two_parts_in_one_place_are_refused() -> None:
    """A client with one of them would look like one with both."""
    one, other = type("One", (Limits,), {}), type("Other", (Limits,), {})
    with pytest.raises(ValueError, match="One and Other both replace Limits"):
        ModelClient(one, other)
