"""F10: clients that never give up."""

import time

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, Message, User
from .shared.limited import IgnoresPauses, NeverGivesUp, TakesLimitsForRefusals
from .table import Bite, Table


class KnowsNoBudget(Limits):
    """Waits for as long as it is told, however little it may wait."""

    def may_retry(self, failure: Failure) -> bool:
        """Wait."""
        time.sleep(failure.not_before or 0)
        return True

    def pause(self, user: User) -> None:
        """Remember no pause."""


class CountsNoPauses(ApiCalls):
    """Compares each pause with the whole budget, and takes three attempts."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for one more."""
        return super().call_api(user, method, path, message, stored, most=3)


class CountsOnlyPauses(ApiCalls):
    """Repeats at once as often as it is allowed to, and is in time."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Try six times where there is nothing to wait for."""
        for _ in range(2):
            try:
                return super().call_api(user, method, path, message, stored, most)
            except Failure as failure:
                if failure.not_before is not None:
                    raise
        return super().call_api(user, method, path, message, stored, most)


TABLE = Table(
    [
        Bite(TakesLimitsForRefusals, {"kind"}),
        Bite(NeverGivesUp, {"bounded", "in-time"}),
        Bite(CountsOnlyPauses, {"bounded"}),
        Bite(KnowsNoBudget, {"in-time"}),
        Bite(IgnoresPauses, {"not-before"}),
        Bite(CountsNoPauses, {"in-time"}),
    ],
)
