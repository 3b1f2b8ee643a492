"""F09: clients that read the body of a 429."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.limits import Limits
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.fragile import SaysItIsOver
from .shared.limited import ForgetsUsersOnLimits, IgnoresPauses, StaysLimited, TellsNoTime
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
        raw = {name.decode(): value.decode() for name, value in answer.headers.raw}
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


TABLE = Table(
    [
        Bite(ReadsTheBodyFirst, {"kind", "recovers"}),
        Bite(TellsNoTime, {"tells-when"}),
        Bite(IgnoresPauses, {"not-before"}),
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
