"""What a client says, against what it did."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import Reply
from livestorm_contract_tests.driving.outcome import Outcome, contradiction
from livestorm_contract_tests.fake.journal import Exchange

OPERATIONS = ["call", "callback", "refresh"]


def without_a_request(op: str, kind: Kind) -> Outcome:
    """Make the outcome of an operation after which the journal is empty."""
    return Outcome(command={"op": op}, reply=Reply(kind=kind), exchanges=(), seconds=0.0)


def after_an_answer(op: str, status: int | None) -> Outcome:
    """Make the outcome of an operation that was reported ok after one token answer."""
    answer = Exchange(
        seq=1,
        endpoint="token",
        method="POST",
        target="/oauth/token",
        request_headers={},
        parameters={},
        status=status,
        headers={},
        body=b"",
    )
    told = Reply(kind=Kind.OK)
    return Outcome(command={"op": op}, reply=told, exchanges=(answer,), seconds=0.0)


@pytest.mark.parametrize("op", OPERATIONS)
def test_success_without_a_request_is_a_contradiction(op: str) -> None:
    """Nothing can have led to it."""
    assert contradiction(without_a_request(op, Kind.OK)) is not None


@pytest.mark.parametrize("op", ["callback", "refresh"])
@pytest.mark.parametrize("status", [None, 302, 400, 429, 503])
def test_success_after_a_refusal_is_a_contradiction(op: str, status: int | None) -> None:
    """Tokens come with a success of the token endpoint only."""
    assert contradiction(after_an_answer(op, status)) is not None


@pytest.mark.parametrize("op", ["callback", "refresh"])
def test_success_after_a_success_fits_the_journal(op: str) -> None:
    """Whether a client should believe the answer is another question."""
    assert contradiction(after_an_answer(op, 200)) is None


@pytest.mark.parametrize("op", OPERATIONS)
def test_cancellation_fits_any_journal(op: str) -> None:
    """It may have come before the first request."""
    assert contradiction(without_a_request(op, Kind.CANCELLED)) is None
