"""F02: clients that read no date, or round it down."""

from email.utils import parsedate
from math import floor
from time import mktime

from ..model_client.limits import Limits
from ..model_client.values import Answer
from .shared.limited import FailsOnLimits, StaysLimited
from .table import Bite, Table


class ReadsSecondsOnly(Limits):
    """Takes a date for nothing."""

    def retry_after(self, answer: Answer) -> float | None:
        """Read digits."""
        value = answer.headers.get("retry-after", "")
        return float(value) if value.isdecimal() else None


class ReadsDatesAsLocalTime(Limits):
    """Takes the GMT of a date for the time of its own machine."""

    def retry_after(self, answer: Answer) -> float | None:
        """Leave the zone out."""
        parts = parsedate(answer.headers.get("retry-after", ""))
        left = 0.0 if parts is None else mktime(parts) - self.now()
        return left if left > 0 else None


class RoundsDown(Limits):
    """Goes by its own clock and cuts the fraction off."""

    def retry_after(self, answer: Answer) -> float | None:
        """Subtract with too much haste."""
        left = super().retry_after(answer)
        if left is None:
            return None
        date = floor(self.now()) + left
        return float(floor(date - self.now()))


TABLE = Table(
    [
        Bite(ReadsSecondsOnly, {"parsed", "rounded-up"}),
        Bite(ReadsDatesAsLocalTime, {"parsed", "rounded-up"}, apart=True),
        Bite(RoundsDown, {"rounded-up"}),
        Bite(FailsOnLimits, {"kind", "recovers"}),
        Bite(StaysLimited, {"recovers"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
        # Who can't read the date knows no fraction of its last second.
        "parsed": {"rounded-up"},
    },
)
