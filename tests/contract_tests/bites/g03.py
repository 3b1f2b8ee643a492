"""G03: clients whose time-out begins anew with each byte."""

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.sending import Sending
from .shared.fragile import HasNoWord, LogsOut, SaysItIsOverSoon, StaysAway
from .table import Bite, Table

PATIENCE = 0.03


class TotalsTooMuch(Sending):
    """Allows more than a minute in all."""

    def read_seconds(self) -> float:
        """Allow a read as much, so that nothing is sent again after it."""
        return 2.5

    def total_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


class LimitsReadsOnly(Sending):
    """Has no limit in all."""

    def read_seconds(self) -> float:
        """Limit each read well."""
        return 1.5

    def total_seconds(self) -> float:
        """Wait for as long as bytes come."""
        return 600.0


TABLE = Table(
    [
        Bite(TotalsTooMuch, {"in-time"}, patience=PATIENCE),
        Bite(HasNoWord, {"kind"}, patience=PATIENCE),
        Bite(LogsOut, {"recovers", "tokens-kept"}, patience=PATIENCE),
        Bite(StaysAway, {"recovers"}, patience=PATIENCE),
        Bite(SaysItIsOverSoon, {"tokens-kept"}, patience=PATIENCE),
        Bite(LimitsReadsOnly, patience=PATIENCE, verdict=Verdict.HANG),
    ],
)
