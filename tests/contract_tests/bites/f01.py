"""F01: clients that don't wait as long as a 429 says."""

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.values import Answer, Failure, Message, User
from .shared.limited import (
    ForgetsPauses,
    ForgetsUsersOnLimits,
    IgnoresPauses,
    StaysLimited,
    TakesLimitsForRefusals,
    TellsNoTime,
)
from .shared.posted import LosesTheBody
from .table import Bite, Table


class GivesUpForGood(Limits):
    """Counts refusals in a row, and asks no more after the third."""

    refusals = 0

    def check_available(self, answer: Answer) -> None:
        """Count."""
        try:
            super().check_available(answer)
        except Failure:
            self.refusals += 1
            raise
        self.refusals = 0

    def pause(self, user: User) -> None:
        """Refuse by itself."""
        if self.refusals >= 3:
            raise Failure(Kind.RETRY_LATER, "limited too often")
        super().pause(user)


class PostsInPauses(ApiCalls):
    """Keeps pauses where it repeats, and so with a GET only."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Send a POST whenever it comes."""
        if method == "POST":
            user.not_before = 0.0
        return super().call_api(user, method, path, message, stored, most)


TABLE = Table(
    [
        Bite(TakesLimitsForRefusals, {"kind", "recovers"}),
        Bite(TellsNoTime, {"tells-when"}),
        Bite(IgnoresPauses, {"not-before"}),
        Bite(ForgetsPauses, {"remembered"}),
        Bite(ForgetsPauses, strict=False, verdict=Verdict.WARN, fails={"remembered"}),
        Bite(PostsInPauses, {"remembered"}),
        Bite(LosesTheBody, {"same-request"}),
        Bite(StaysLimited, {"recovers"}),
        Bite(GivesUpForGood, {"recovers-from-several"}),
        Bite(ForgetsUsersOnLimits, {"recovers", "tokens-kept"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
        # A grant that was given up does not come back without a human.
        "tokens-kept": {"recovers"},
    },
)
