"""The model client does everything right, and its parts can be replaced side by side."""

from collections import Counter

import pytest
from livestorm_contract_tests.runs.catalogue import all_cases_and_properties
from livestorm_contract_tests.suite.verdicts import Verdict

from .bites.play import failed, made, put
from .bites.table import Bite, tables
from .model_client.client import PLACES, ModelClient
from .model_client.limits import Limits

SCRIPTED = [
    (name, bite)
    for name, table in tables().items()
    for bite in table.rows
    if bite.script and bite.fails
]


@pytest.mark.parametrize("case", sorted(all_cases_and_properties()))
def test_model_client_passes(case: str) -> None:
    """What a broken client fails, the model client passes, or the case is not for it.

    The reference client is put to all variants, in `test_whole_runs.py`.
    """
    result = put(case, Bite(()), whole=False)
    assert result.verdict in (Verdict.PASS, Verdict.SKIP), (result.reason, result.checks)


@pytest.mark.parametrize(
    ("name", "bite"), SCRIPTED, ids=[f"{name}-{bite.name}" for name, bite in SCRIPTED]
)
def test_model_client_is_judged_by_the_same_script(name: str, bite: Bite) -> None:
    """A script is an occasion to break what it shows, and nothing that is not declared."""
    result = put(name, Bite((), script=bite.script))
    assert failed(result) == set(), (result.reason, result.checks)
    assert bite.fails <= made(result) <= set(result.case.checks)


def test_parts_share_no_name() -> None:
    """A class can stand in several places, as no two parts call different things the same."""
    names = Counter(name for place in PLACES for name in vars(place) if not name.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


def test_two_parts_in_one_place_are_refused() -> None:
    """A client with one of them would look like one with both."""
    one, other = type("One", (Limits,), {}), type("Other", (Limits,), {})
    with pytest.raises(ValueError, match="One and Other both replace Limits"):
        ModelClient(one, other)
