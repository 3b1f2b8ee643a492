"""G02: clients that wait for an answer for too long."""

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.sending import Sending
from .shared.fragile import HasNoWord, LogsOut, SaysItIsOverSoon, StaysAway
from .table import Bite, Table

PATIENCE = 0.03


class WaitsTooLong(Sending):
    """Has a time-out, of more than a minute."""

    def read_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


TABLE = Table(
    [
        Bite(WaitsTooLong, {"in-time"}, patience=PATIENCE),
        Bite(HasNoWord, {"kind"}, patience=PATIENCE),
        Bite(LogsOut, {"recovers", "tokens-kept"}, patience=PATIENCE),
        Bite(StaysAway, {"recovers"}, patience=PATIENCE),
        Bite(SaysItIsOverSoon, {"tokens-kept"}, patience=PATIENCE),
        Bite((), patience=PATIENCE, verdict=Verdict.HANG),
    ],
)
