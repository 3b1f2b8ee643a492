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


def refreshed_in_vain(http_status: int) -> Outcome:
    """Make the outcome of a call that the API answered 401, and whose refresh got a 400."""
    empty = {"target": "/", "request_headers": {}, "parameters": {}, "headers": {}, "body": b""}
    api = Exchange(seq=1, endpoint="api.me", method="GET", status=401, **empty)  # type: ignore[arg-type]
    token = Exchange(seq=2, endpoint="token", method="POST", status=400, **empty)  # type: ignore[arg-type]
    reply = Reply(kind=Kind.REAUTH_REQUIRED, http_status=http_status)
    return Outcome(command={"op": "call"}, reply=reply, exchanges=(api, token), seconds=0.0)


def test_status_of_the_api_fits_a_call_whose_refresh_failed() -> None:
    """It is that of the API's last answer."""
    assert contradiction(refreshed_in_vain(401)) is None


def test_status_of_the_token_endpoint_is_called_what_it_is() -> None:
    """An adapter has put it in the place of the API's."""
    told = contradiction(refreshed_in_vain(400))
    assert told is not None
    assert "error.http_status" in told


def test_status_from_nowhere_is_a_contradiction() -> None:
    """Nobody answered it."""
    assert contradiction(refreshed_in_vain(418)) == "status 418, which the API did not answer"
