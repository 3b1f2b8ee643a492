"""F03: clients that crash over a nonsensical Retry-After, or hammer because of it."""

from .conftest import Put, failed
from .limited_clients import FailsOnLimits, NeverGivesUp, StaysBusy
from .model_client import ModelClient


class TriesAgainAtOnce(ModelClient):
    """Waits for zero seconds where it can't read for how many."""

    def backoff(self) -> float:
        """Give what a failed conversion gave."""
        return 0.0


def test_crash_over_nonsense_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("F03", FailsOnLimits)) >= {"kind"}


def test_hammering_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("F03", NeverGivesUp)) == {"bounded"}


def test_retry_without_a_pause_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F03", TriesAgainAtOnce)) == {"backs-off"}


def test_limit_that_is_never_over_is_found(put: Put) -> None:
    """The call after the fault must succeed."""
    assert failed(put("F03", StaysBusy)) == {"recovers"}
