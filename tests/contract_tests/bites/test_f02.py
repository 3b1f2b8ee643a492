"""F02: clients that read no date, or round it down."""

from math import floor

from .conftest import Put, failed
from .limited_clients import FailsOnLimits, StaysLimited
from .model_client import Answer, ModelClient


class ReadsSecondsOnly(ModelClient):
    """Takes a date for nothing."""

    def retry_after(self, answer: Answer) -> float | None:
        """Read digits."""
        value = answer.headers.get("retry-after", "")
        return float(value) if value.isdecimal() else None


class RoundsDown(ModelClient):
    """Goes by its own clock and cuts the fraction off."""

    def retry_after(self, answer: Answer) -> float | None:
        """Subtract with too much haste."""
        left = super().retry_after(answer)
        if left is None:
            return None
        date = floor(self.now()) + left
        return float(floor(date - self.now()))


def test_client_that_reads_no_date_is_found(put: Put) -> None:
    """It asks again long before."""
    assert failed(put("F02", ReadsSecondsOnly)) == {"parsed", "rounded-up"}


def test_date_that_is_rounded_down_is_found(put: Put) -> None:
    """It asks again in the fraction before."""
    assert failed(put("F02", RoundsDown)) == {"rounded-up"}


def test_crash_over_a_date_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("F02", FailsOnLimits)) == {"kind", "recovers"}


def test_pause_without_an_end_is_found(put: Put) -> None:
    """The call after the date must succeed."""
    assert failed(put("F02", StaysLimited)) == {"recovers"}
