"""F01: clients that don't wait as long as a 429 says."""

from .conftest import Put, failed
from .limited_clients import (
    ForgetsUsersOnLimits,
    IgnoresPauses,
    StaysLimited,
    TakesLimitsForRefusals,
    TellsNoTime,
)


def test_limit_taken_for_a_refusal_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F01", TakesLimitsForRefusals)) == {"kind", "recovers"}


def test_pause_that_is_kept_secret_is_found(put: Put) -> None:
    """The reply must say how long."""
    assert failed(put("F01", TellsNoTime)) == {"tells-when"}


def test_early_request_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F01", IgnoresPauses)) == {"not-before"}


def test_pause_without_an_end_is_found(put: Put) -> None:
    """The next call must succeed."""
    assert failed(put("F01", StaysLimited)) == {"recovers"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("F01", ForgetsUsersOnLimits)) == {"tokens-kept", "recovers"}
