"""D09: clients that are refused for their haste, and make it worse."""

import time

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.limits import Limits
from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.fragile import SaysItIsOver
from .shared.refreshed import DropsTokens, GivesUpForGood
from .table import Bite, Table


class TakesItForAMisconfiguration(TokenEndpoint):
    """Takes each 4xx for a fault of its own."""

    def read_tokens(self, answer: Answer) -> Message:
        """Do not look at the status."""
        if answer.status != 429:
            return super().read_tokens(answer)
        raise Failure(
            Kind.CONFIG_ERROR, "refused", not_before=self.client.limits.retry_after(answer)
        )


class WaitsHalfTheTime(Limits, Refreshing):
    """Puts its jitter on the wrong side."""

    def keep_pause(self, user: User) -> None:
        """Remember no pause."""

    def may_retry(self, failure: Failure) -> bool:
        """Come too early."""
        if failure.not_before is None or failure.not_before > 10:
            return super().may_retry(failure)
        time.sleep(failure.not_before / 2)
        return True


class NeverWaits(Refreshing):
    """Leaves all waiting to its caller."""

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class TellsMilliseconds(NeverWaits, Operations):
    """Mixes up the unit of what it tells its caller."""

    def op_call(self, message: Message) -> Message:
        """Tell a thousand times as much."""
        reply = super().op_call(message)
        return {**reply, "not_before_s": 1000 * reply.get("not_before_s", 0), "results": []}


class TriesTheWrongToken(TokenEndpoint):
    """Sends the access token the second time."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Mix them up."""
        answer = super().token_request(form)
        stored = self.client.store.load(self.client.store.user("u1"))
        if answer.status == 429 and stored:
            form["refresh_token"] = stored["access_token"]
        return answer


class DropsTokensWhenLimited(NeverWaits, DropsTokens):
    """Deletes the tokens when a refresh fails."""


class StaysLimited(NeverWaits):
    """Is limited for ever."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse after the first time."""
        if user.not_before:
            raise Failure(Kind.RETRY_LATER, "the rate is limited", not_before=0.1)
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            user.not_before = 1
            raise


class SendsTheAccessTokenToo(Refreshing):
    """Tries to refresh with the access token when it has refreshed."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Send another token, and look at no answer."""
        super().refresh_with(name, user, stored)
        form = {"grant_type": "refresh_token", "refresh_token": stored["access_token"]}
        self.client.tokens.token_request(form)


TABLE = Table(
    [
        # Who leaves the waiting to others does right.
        Bite(NeverWaits),
        Bite(TakesItForAMisconfiguration, {"kind"}),
        Bite(WaitsHalfTheTime, {"not-before"}),
        Bite(TellsMilliseconds, {"not-before-told"}),
        Bite(DropsTokensWhenLimited, {"recovers", "store-untouched"}),
        Bite(StaysLimited, {"recovers"}),
        Bite(
            TriesTheWrongToken,
            {"kind", "not-before-told", "recovers", "same-token", "store-untouched"},
        ),
        Bite(SendsTheAccessTokenToo, {"same-token"}),
        Bite(SaysItIsOver, {"store-untouched"}),
        Bite(GivesUpForGood, {"recovers-from-several"}),
    ],
)
