"""C05: clients that repeat an exchange, or stay broken after it."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Pending
from .shared.careless import Disconnects, FlagsTheConnection
from .shared.fragile import WaitsShortly
from .table import Bite, Table


class SendsTheCodeAgain(WaitsShortly, TokenEndpoint):
    """Repeats every request that failed."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send, and send again."""
        try:
            answer = super().exchange(code, pending)
        except Failure:
            return super().exchange(code, pending)
        return super().exchange(code, pending) if answer.status >= 500 else answer


class RepeatsWhatTimedOut(WaitsShortly, TokenEndpoint):
    """Repeats a request that took too long, and no other."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Send again after a time-out."""
        try:
            return super().exchange(code, pending)
        except Failure as failure:
            if not failure.was_slow:
                raise
            return super().exchange(code, pending)


class KnowsOneFailure(WaitsShortly, TokenEndpoint):
    """Takes each failure for an answer that can't be read."""

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Forget what happened."""
        try:
            answer = super().exchange(code, pending)
            self.client.limits.check_available(answer)
        except Failure:
            raise Failure(Kind.PROTOCOL_ERROR, "failed") from None
        return answer


class FailsForGood(WaitsShortly, TokenEndpoint):
    """Remembers a failure for ever."""

    broken = False

    def exchange(self, code: str, pending: Pending) -> Answer:
        """Fail as before."""
        if self.broken:
            raise Failure(Kind.TRANSPORT_ERROR, "failed before")
        self.broken = True
        return super().exchange(code, pending)


TABLE = Table(
    [
        Bite(SendsTheCodeAgain, {"code-once"}),
        Bite(RepeatsWhatTimedOut, {"code-once"}),
        Bite(KnowsOneFailure, {"kind"}),
        Bite(FailsForGood, {"new-flow"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
