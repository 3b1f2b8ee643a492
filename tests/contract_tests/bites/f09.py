"""F09: clients that read the body of a 429."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.refreshing import Refreshing
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.fragile import SaysItIsOver
from .shared.limited import (
    ForgetsPauses,
    ForgetsUsersOnLimits,
    IgnoresPauses,
    StaysLimited,
    TellsNoTime,
)
from .table import Bite, Table


class ReadsTheBodyFirst(TokenEndpoint, Limits):
    """Looks for an OAuth error before it looks at the status."""

    def read_tokens(self, answer: Answer) -> Message:
        """Believe any body."""
        if b"html" in answer.body or answer.status == 503:
            raise Failure(Kind.PROTOCOL_ERROR, "no JSON", status=answer.status)
        return super().read_tokens(answer)

    def check_available(self, answer: Answer) -> None:
        """Take a 503 for the end."""
        if answer.status == 503:
            raise Failure(Kind.PROTOCOL_ERROR, "no JSON", status=answer.status)
        super().check_available(answer)


class RefreshesOnAnyFailure(ApiCalls):
    """Thinks that new tokens help against everything."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Refresh before the failure is reported."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            self.client.refreshing.refresh(message.get("user", "u1"), user, stored["access_token"])
            raise


class KnowsOneSpelling(Limits):
    """Compares the names of headers with their case."""

    def retry_after(self, answer: Answer) -> float | None:
        """Look for the usual spelling."""
        raw = dict(answer.headers.items())
        return float(raw["Retry-After"]) if "Retry-After" in raw else None


class RefreshesInVain(ApiCalls):
    """Sends a refresh after each failure, and does not look at its answer."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Ask for new tokens."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            self.client.tokens.token_request(
                {"grant_type": "refresh_token", "refresh_token": "none"}
            )
            raise


class ForgetsOutages(Limits):
    """Remembers the pause of a 429 only."""

    def retry_after(self, answer: Answer) -> float | None:
        """Remember what it was that asked for it."""
        self.is_outage = answer.status == 503
        return super().retry_after(answer)

    is_outage = False

    def put_off(self, user: User, until: float) -> None:
        """Look at the status."""
        if not self.is_outage:
            super().put_off(user, until)


class ForgetsPausesOfRefreshes(Refreshing):
    """Asks the token endpoint whenever a token is due."""

    def keep_pause(self, user: User) -> None:
        """Remember none."""


class HurriesInOutages(ForgetsPausesOfRefreshes):
    """Sends a refresh again at once, unless it was limited."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Try twice."""
        try:
            super().refresh_with(name, user, stored)
        except Failure as failure:
            if failure.status != 503:
                raise
            super().refresh_with(name, user, stored)


TABLE = Table(
    [
        Bite(ReadsTheBodyFirst, {"kind", "recovers"}),
        Bite(TellsNoTime, {"tells-when"}),
        Bite(IgnoresPauses, {"not-before"}),
        Bite(HurriesInOutages, {"not-before", "remembered"}),
        Bite(ForgetsPauses, {"remembered"}),
        Bite(ForgetsOutages, {"remembered"}),
        Bite(ForgetsPausesOfRefreshes, {"remembered"}),
        Bite(KnowsOneSpelling, {"not-before"}),
        Bite(RefreshesOnAnyFailure, {"no-refresh", "tokens-kept"}),
        Bite(ForgetsUsersOnLimits, {"recovers", "tokens-kept"}),
        Bite(StaysLimited, {"recovers"}),
        Bite(RefreshesInVain, {"no-refresh"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
    ],
    follows={
        # Who does not say `retry_later` is not asked again, so that no success comes.
        "kind": {"recovers"},
    },
)
