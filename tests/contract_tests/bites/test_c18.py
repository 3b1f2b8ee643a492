"""C18: clients that expect what they asked for."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient, User


class RefusesOtherScopes(ModelClient):
    """Takes another scope for an error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Compare."""
        members = super().read_tokens(answer)
        if members.get("scope") != self.scope_text():
            raise Failure(Kind.PROTOCOL_ERROR, "scope has changed", status=answer.status)
        return members


class TellsWhatItAskedFor(ModelClient):
    """Stores the scope that it wanted."""

    def read_tokens(self, answer: Answer) -> Message:
        """Replace the scope."""
        return {**super().read_tokens(answer), "scope": self.scope_text()}


class KeepsTheFirstScope(ModelClient):
    """Takes the scope of the exchange for what holds for good."""

    def store_token(
        self, name: str, user: User, members: Message, sent: str | None, sent_at: float
    ) -> None:
        """Leave out what a refresh says of it."""
        kept = {name: value for name, value in members.items() if name != "scope" or sent is None}
        super().store_token(name, user, kept, sent, sent_at)


class CutsTokens(ModelClient):
    """Has a column of 255 characters."""

    def read_tokens(self, answer: Answer) -> Message:
        """Cut."""
        members = super().read_tokens(answer)
        return {**members, "access_token": members["access_token"][:255], "refresh_token": None}


class CutsRefreshTokens(ModelClient):
    """Has a column of 255 characters for what is seldom used."""

    def read_tokens(self, answer: Answer) -> Message:
        """Cut."""
        members = super().read_tokens(answer)
        return {**members, "refresh_token": members.get("refresh_token", "")[:255]}


class GivesUpWhatCannotBeRefreshed(ModelClient):
    """Asks for a human once a refresh was asked for in vain."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Drop the tokens."""
        if not (self.load(user) or {}).get("refresh_token"):
            user.path.unlink()
        return super().refresh(name, user, stale)


class RefreshesWithNothing(ModelClient):
    """Sends a refresh token that it has not."""

    def refresh(self, name: str, user: User, stale: str | None) -> Message:
        """Send nothing as a text."""
        form = {"grant_type": "refresh_token", "refresh_token": "None"}
        self.read_tokens(self.token_request(form))
        return {}


def test_refused_scope_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C18", RefusesOtherScopes)) == {"accepted"}


def test_wanted_scope_is_found(put: Put) -> None:
    """The state shows it."""
    assert failed(put("C18", TellsWhatItAskedFor)) == {"granted-scope"}


def test_scope_of_the_exchange_is_found(put: Put) -> None:
    """The state shows it after a refresh that grants less."""
    assert failed(put("C18", KeepsTheFirstScope)) == {"granted-scope"}


def test_cut_token_is_found(put: Put) -> None:
    """Fingerprint and call show it."""
    assert failed(put("C18", CutsTokens)) == {"whole-token", "usable"}


def test_cut_refresh_token_is_found(put: Put) -> None:
    """The fingerprint shows it."""
    assert failed(put("C18", CutsRefreshTokens)) == {"whole-token"}


def test_call_comes_before_a_refresh_in_vain(put: Put) -> None:
    """What a client makes of its token after that is its own affair."""
    assert failed(put("C18", GivesUpWhatCannotBeRefreshed)) == set()


def test_empty_refresh_is_found(put: Put) -> None:
    """The journal shows it."""
    assert failed(put("C18", RefreshesWithNothing)) == {"not-refreshable"}
