"""F06: clients that don't look at what is left of the second."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, User
from .table import Bite, Table


class SeesNoRemaining(Limits):
    """Waits only after a 429."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Read no header."""


class TakesNoneLeftForAnError(Limits):
    """Gives a good answer away because it was the last."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Raise instead of remembering."""
        if answer.headers.get("ratelimit-interval-remaining") == "0":
            raise Failure(Kind.PROTOCOL_ERROR, "no requests left", status=answer.status)


class GivesTheLastAway(Limits):
    """Paces itself, and fails the call that was the last for now."""

    def heed_limits(self, user: User, answer: Answer) -> None:
        """Remember, and raise."""
        super().heed_limits(user, answer)
        if answer.headers.get("ratelimit-interval-remaining") == "0":
            raise Failure(Kind.PROTOCOL_ERROR, "no requests left", status=answer.status)


TABLE = Table(
    [
        Bite(SeesNoRemaining, {"paced"}),
        Bite(TakesNoneLeftForAnError, {"paced", "recovers"}),
        Bite(GivesTheLastAway, {"recovers"}),
    ],
)
