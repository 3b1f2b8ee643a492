"""F04: clients that take zero seconds for a leave to hammer."""

from .conftest import Put, failed
from .limited_clients import NeverGivesUp, StaysBusy, TakesLimitsForRefusals


def test_limit_taken_for_a_refusal_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F04", TakesLimitsForRefusals)) == {"kind", "recovers"}


def test_hammering_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("F04", NeverGivesUp)) == {"bounded"}


def test_limit_that_is_never_over_is_found(put: Put) -> None:
    """The call after the fault must succeed."""
    assert failed(put("F04", StaysBusy)) == {"recovers"}
