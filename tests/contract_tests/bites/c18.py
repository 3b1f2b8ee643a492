"""C18: clients that expect what they asked for."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.operations import Operations
from ..model_client.refreshing import Refreshing
from ..model_client.store import Store
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.exchanged import NeedsAWarmUp
from .table import Bite, Table


class RefusesOtherScopes(TokenEndpoint):
    """Takes another scope for an error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Compare."""
        members = super().read_tokens(answer)
        if members.get("scope") != self.client.authorization.scope_text():
            raise Failure(Kind.PROTOCOL_ERROR, "scope has changed", status=answer.status)
        return members


class TellsWhatItAskedFor(TokenEndpoint):
    """Stores the scope that it wanted."""

    def read_tokens(self, answer: Answer) -> Message:
        """Replace the scope."""
        return {**super().read_tokens(answer), "scope": self.client.authorization.scope_text()}


class KeepsTheFirstScope(Store):
    """Takes the scope of the exchange for what holds for good."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Leave out what a refresh says of it."""
        kept = {name: value for name, value in members.items() if name != "scope" or sent is None}
        super().store_token(name, user, kept, sent, sent_at)


class CutsTokens(TokenEndpoint):
    """Has a column of 255 characters."""

    def read_tokens(self, answer: Answer) -> Message:
        """Cut."""
        members = super().read_tokens(answer)
        return {**members, "access_token": members["access_token"][:255], "refresh_token": None}


class CutsRefreshTokens(TokenEndpoint):
    """Has a column of 255 characters for what is seldom used."""

    def read_tokens(self, answer: Answer) -> Message:
        """Cut."""
        members = super().read_tokens(answer)
        return {**members, "refresh_token": members.get("refresh_token", "")[:255]}


class GivesUpWhatCannotBeRefreshed(Refreshing):
    """Asks for a human once a refresh was asked for in vain."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Drop the tokens."""
        if not (self.client.store.load(user) or {}).get("refresh_token"):
            user.path.unlink()
        return super().refresh(name, user, stale)


class RefreshesWithNothing(Refreshing):
    """Sends a refresh token that it has not."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send nothing as a text."""
        form = {"grant_type": "refresh_token", "refresh_token": "None"}
        self.client.tokens.read_tokens(self.client.tokens.token_request(form))
        return {}


class ShowsTheBeginning(Operations):
    """Tells of the first 255 characters of a token."""

    def told_state(self, user: User) -> Message:
        """Cut what is told."""
        stored = self.client.store.load(user)
        if stored is not None:
            self.client.store.save(user, {**stored, "access_token": stored["access_token"][:255]})
        try:
            return super().told_state(user)
        finally:
            if stored is not None:
                self.client.store.save(user, stored)


TABLE = Table(
    [
        Bite(RefusesOtherScopes, {"accepted"}),
        Bite(TellsWhatItAskedFor, {"granted-scope"}),
        Bite(KeepsTheFirstScope, {"granted-scope"}),
        Bite(CutsTokens, {"usable", "whole-token"}),
        Bite(CutsRefreshTokens, {"whole-token"}),
        # What is made of a token after a refresh in vain is the client's own affair.
        Bite(GivesUpWhatCannotBeRefreshed),
        Bite(RefreshesWithNothing, {"not-refreshable"}),
        Bite(ShowsTheBeginning, {"whole-token"}),
        Bite(NeedsAWarmUp, {"usable"}),
    ],
)
