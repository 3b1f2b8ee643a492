"""What a client says, against what it did."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.driving.outcome import Outcome, contradiction

OPERATIONS = ["call", "callback", "refresh"]


def without_a_request(op: str, kind: Kind) -> Outcome:
    """Make the outcome of an operation after which the journal is empty."""
    return Outcome(command={"op": op}, reply=Reply(kind=kind), exchanges=(), seconds=0.0)


@pytest.mark.parametrize("op", OPERATIONS)
def test_success_without_a_request_is_a_contradiction(op: str) -> None:
    """Nothing can have led to it."""
    assert contradiction(without_a_request(op, Kind.OK)) is not None


@pytest.mark.parametrize("op", OPERATIONS)
def test_cancellation_fits_any_journal(op: str) -> None:
    """It may have come before the first request."""
    assert contradiction(without_a_request(op, Kind.CANCELLED)) is None
