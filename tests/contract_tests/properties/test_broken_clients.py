"""Each invariant of each property can fail, and alone."""

import pytest
from livestorm_contract_tests.suite.verdicts import Verdict

from ..bites.model_client import ModelClient
from .broken_clients import BITES, FOUND_BY_DRAWING, Bite
from .trying import BY_ID, broken_by, broken_invariants, judged, tried

DECLARED = [(case, name) for case, one in BY_ID.items() for name in one.case.checks]


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_broken_client_breaks_its_invariant_alone(bite: Bite) -> None:
    """No other invariant says what this one says of the client."""
    assert broken_by(bite.case, bite.client, bite.script) == {bite.invariant}


@pytest.mark.parametrize("bite", BITES, ids=str)
def test_model_client_is_judged_by_the_same_script(bite: Bite) -> None:
    """The script is an occasion to break the invariant, none that the property does not declare."""
    found = judged(bite.case, ModelClient, bite.script)
    assert not any(found.values())
    assert {bite.invariant} <= set(found) <= set(BY_ID[bite.case].case.checks)


@pytest.mark.parametrize(("case", "invariant"), DECLARED)
def test_declared_invariant_has_a_broken_client(case: str, invariant: str) -> None:
    """What a property declares, a client breaks alone."""
    assert (case, invariant) in {(one.case, one.invariant) for one in BITES}


@pytest.mark.parametrize(("case", "client", "invariant"), FOUND_BY_DRAWING)
def test_mistake_is_found_by_drawing(case: str, client: type[ModelClient], invariant: str) -> None:
    """Nobody has to think of the script."""
    result = tried(case, client, examples=40)
    assert result.verdict is Verdict.FAIL
    assert invariant in broken_invariants(result)
