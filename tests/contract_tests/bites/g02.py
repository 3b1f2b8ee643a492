"""G02: clients that wait for an answer for too long."""

import httpx
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.sending import Sending
from .shared.fragile import HasNoWord, Impatient, LogsOut, SaysItIsOverSoon, StaysAway
from .table import Bite, Table

PATIENCE = 0.03


class WaitsTooLong(Sending):
    """Has a time-out, of more than a minute."""

    def read_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


class TimesOutWithTheHead(Impatient):
    """Has a time-out that ends when the head has come, as many have that give a promise of it."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Wait for the body as long as it takes."""
        if extensions := response.request.extensions:
            extensions["timeout"]["read"] = None
        return super().read_body(response, ends_at)

    def total_seconds(self) -> float:
        """Have none for all."""
        return 600.0


TABLE = Table(
    [
        Bite(WaitsTooLong, {"in-time"}, patience=PATIENCE),
        Bite(TimesOutWithTheHead, patience=PATIENCE, verdict=Verdict.HANG),
        Bite(HasNoWord, {"kind"}, patience=PATIENCE),
        Bite(LogsOut, {"recovers", "tokens-kept"}, patience=PATIENCE),
        Bite(StaysAway, {"recovers"}, patience=PATIENCE),
        Bite(SaysItIsOverSoon, {"tokens-kept"}, patience=PATIENCE),
        Bite((), patience=PATIENCE, verdict=Verdict.HANG),
    ],
)
