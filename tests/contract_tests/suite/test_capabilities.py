"""What cases need, and what clients say that they have."""

import pytest
from livestorm_contract_tests.driving.messages import Features, Ready
from livestorm_contract_tests.suite.capabilities import missing, offers

READY = Ready(
    protocol=1,
    ops=("begin", "refresh", "state"),
    features=Features(refresh="explicit", parallel_calls=5, pkce=True, persist="file"),
)


@pytest.mark.parametrize(
    "need",
    [
        "begin",
        "refresh",
        "state",
        "pkce",
        "parallel_calls>=5",
        "persist=file",
        "refresh=auto|explicit",
    ],
)
def test_what_the_client_has_is_not_missing(need: str) -> None:
    """Operations by their name, also where a feature is called the same, and features."""
    assert missing([need], READY) == []


@pytest.mark.parametrize(
    ("need", "told"),
    [
        ("call", "op call"),
        ("clock", "feature clock"),
        ("parallel_calls>=6", "feature parallel_calls>=6"),
        ("persist=callback", "feature persist=callback"),
        ("refresh=auto", "feature refresh=auto"),
    ],
)
def test_what_the_client_lacks_is_told(need: str, told: str) -> None:
    """In the words that a report shows."""
    assert missing([need], READY) == [told]


@pytest.mark.parametrize("need", ["clock", "list"])
def test_operation_may_be_named_by_its_feature(need: str) -> None:
    """A clock is a feature and an operation, and so is a list that has pages."""
    ready = Ready(protocol=1, ops=(), features=Features(clock=True, pagination=True))
    assert missing([need], ready) == []
    assert offers(need, ready)
    assert not offers(need, READY)


@pytest.mark.parametrize("op", ["refresh", "state"])
def test_operation_is_missing_whatever_the_feature_is(op: str) -> None:
    """A feature says how, an operation that."""
    ready = Ready(protocol=1, ops=(), features=Features(refresh="auto", state="library"))
    assert missing([op], ready) == [f"op {op}"]
