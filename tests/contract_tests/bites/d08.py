"""D08: clients that log their user out in an outage."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.fragile import SaysItIsOverSoon, WaitsShortly
from .shared.limited import HasNoWordForOutages, KnowsFewOutages
from .shared.refreshed import DropsTokens, GivesUpForGood, StaysBroken
from .table import Bite, Table


class LogsOutInAnOutage(WaitsShortly, TokenEndpoint):
    """Takes every failed refresh for the end of the grant."""

    def read_tokens(self, answer: Answer) -> Message:
        """End the grant."""
        try:
            return super().read_tokens(answer)
        except Failure:
            raise Failure(Kind.REAUTH_REQUIRED, "no token came", status=answer.status) from None


class CrashesInAnOutage(WaitsShortly, HasNoWordForOutages):
    """Expects JSON from whatever answers."""


class DropsTokensInAnOutage(WaitsShortly, DropsTokens):
    """Deletes the tokens when a refresh fails."""


class StaysBrokenAfterAnOutage(WaitsShortly, StaysBroken):
    """Never tries again."""


class GivesUpAfterOutages(WaitsShortly, GivesUpForGood):
    """Counts failures in a row."""


TABLE = Table(
    [
        Bite(LogsOutInAnOutage, {"kind", "recovers", "tokens-kept"}),
        Bite(KnowsFewOutages, {"kind"}),
        Bite(CrashesInAnOutage, {"kind"}),
        Bite(DropsTokensInAnOutage, {"recovers", "tokens-kept"}),
        Bite(StaysBrokenAfterAnOutage, {"recovers"}),
        Bite(SaysItIsOverSoon, {"tokens-kept"}),
        Bite(GivesUpAfterOutages, {"recovers-from-several"}),
    ],
)
