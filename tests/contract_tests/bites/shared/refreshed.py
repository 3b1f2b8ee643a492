"""What goes wrong with a refresh."""

from livestorm_contract_tests.driving.kinds import Kind

from ...model_client.api_calls import ApiCalls
from ...model_client.refreshing import Refreshing
from ...model_client.store import Store
from ...model_client.token_endpoint import TokenEndpoint
from ...model_client.values import Answer, Failure, Message, User


class DropsTokens(Refreshing):
    """Deletes the refresh token whenever a refresh fails, as a logout does."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Delete it."""
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.client.store.save(user, {**stored, "refresh_token": None})
            raise

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class StaysBroken(Refreshing, ApiCalls):
    """Opens a circuit breaker at the first failure, and never closes it."""

    broken = False

    def call(self, message: Message) -> Message:
        """Refuse by itself after a failure."""
        if self.broken:
            raise Failure(Kind.RETRY_LATER, "the circuit is open")
        try:
            return super().call(message)
        except Failure:
            self.broken = True
            raise

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class GivesUpForGood(Refreshing):
    """Counts failures in a row, and sends nothing any more after the third."""

    failures = 0

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Count, and refuse by itself."""
        if self.failures == 3:
            raise Failure(Kind.RETRY_LATER, "failed too often")
        try:
            super().refresh_with(name, user, stored)
        except Failure:
            self.failures += 1
            raise
        self.failures = 0

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1


class ParksMisconfigurations(Refreshing):
    """Sends nothing any more once its configuration was refused, until it is started again."""

    parked: Failure | None = None

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse as before."""
        if self.parked is not None:
            raise self.parked
        try:
            super().refresh_with(name, user, stored)
        except Failure as failure:
            self.parked = failure if failure.kind is Kind.CONFIG_ERROR else None
            raise


class RefreshesTwice(Refreshing):
    """Refreshes again what it has just refreshed, as two layers do that both answer a 401."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and once more."""
        super().refresh_with(name, user, stored)
        super().refresh_with(name, user, self.client.store.load(user) or stored)


class DemandsARefreshToken(TokenEndpoint):
    """Takes a token answer without a refresh token for none."""

    def read_tokens(self, answer: Answer) -> Message:
        """Refuse it."""
        members = super().read_tokens(answer)
        if not members.get("refresh_token"):
            raise Failure(Kind.PROTOCOL_ERROR, "no refresh token came", status=answer.status)
        return members


class TakesItForSpent(Refreshing):
    """Counts a refresh token as used up when no other one came for it."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send each once."""
        stored = self.client.store.load(user)
        told = super().refresh(name, user, stale)
        now = self.client.store.load(user)
        if stored and now and stored["refresh_token"] == now["refresh_token"]:
            self.refresh_is_over = True
        return told

    refresh_is_over = False

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refuse the second time."""
        if self.refresh_is_over:
            raise Failure(Kind.REAUTH_REQUIRED, "the refresh token was used")
        super().refresh_with(name, user, stored)


class LogsOutOnEveryRefusal(TokenEndpoint):
    """Takes each 4xx for the end of the grant."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """End the grant."""
        return Failure(Kind.REAUTH_REQUIRED, "refused", status=answer.status)


class LogsOutOnRareRefusals(TokenEndpoint):
    """Knows a few statuses of a gateway, and takes each other 4xx for the end of the grant."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """End the grant."""
        if answer.status in (400, 401, 403, 404):
            return super().refusal(answer, members)
        return Failure(Kind.REAUTH_REQUIRED, "refused", status=answer.status)


class HasNoWordForIt(TokenEndpoint):
    """Meets a body that it did not expect, and crashes."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Look up what only `invalid_grant` has."""
        texts = {"invalid_grant": Kind.REAUTH_REQUIRED}
        assert isinstance(members, dict)
        return Failure(texts[members["error"]], "refused", status=answer.status)


class Complains(Store):
    """Stores what came, and fails the first time that a member is missing."""

    has_complained = False
    member = ""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Store, and complain."""
        super().store_token(name, user, members, sent, sent_at)
        if self.member not in members and not self.has_complained:
            self.has_complained = True
            raise Failure(Kind.PROTOCOL_ERROR, f"no {self.member} came")


class RefreshesWithWhatItSent(Refreshing):
    """Has two layers that refresh, each with the token that it read before."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Refresh, and once more."""
        super().refresh_with(name, user, stored)
        super().refresh_with(name, user, stored)

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Flag the grant, whatever another layer has brought."""
        self.client.store.save(user, {**stored, "needs_reauth": True})
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone", status=400)


class PollsADeadGrant(Refreshing):
    """Reports the dead grant, and sends it again at each use."""

    def grant_is_dead(self, user: User, stored: Message) -> None:
        """Note nothing."""
        raise Failure(Kind.REAUTH_REQUIRED, "the grant is gone")
