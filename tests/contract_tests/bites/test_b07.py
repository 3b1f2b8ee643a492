"""B07: clients that pass an attacker's error on."""

from livestorm_contract_tests.driving.kinds import Kind

from .careless import Disconnects, SendsSomethingAnyway
from .conftest import Put, failed
from .model_client import Failure, ModelClient, Pending, User


class LooksAtTheErrorFirst(ModelClient):
    """Reads the error before the state."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Report it."""
        self.check_granted(dict(pairs))
        return super().check_callback(user, pairs)


class ShowsTheDescription(ModelClient):
    """Refuses, and says what the callback said."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Quote it."""
        try:
            return super().check_callback(user, pairs)
        except Failure as failure:
            told = f"{failure}: {dict(pairs).get('error_description')}"
            raise Failure(failure.kind, told) from None


class ReportsMisconfiguration(ModelClient):
    """Has no error for attacks."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Blame the operator."""
        try:
            return super().check_callback(user, pairs)
        except Failure as failure:
            raise Failure(Kind.CONFIG_ERROR, str(failure)) from None


def test_error_believed_without_its_state_is_found(put: Put) -> None:
    """Anybody could tell the user that they refused."""
    assert failed(put("B07", LooksAtTheErrorFirst)) == {"kind"}


def test_other_word_for_the_attack_is_found(put: Put) -> None:
    """The operator can do nothing about it."""
    assert failed(put("B07", ReportsMisconfiguration)) == {"kind"}


def test_shown_description_is_found(put: Put) -> None:
    """It is the attacker's text on the client's page."""
    assert failed(put("B07", ShowsTheDescription)) == {"not-shown"}


def test_token_request_over_an_error_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("B07", SendsSomethingAnyway)) == {"no-token-request"}


def test_session_ended_by_a_foreign_error_is_found(put: Put) -> None:
    """Else anybody's link could log the user out."""
    assert failed(put("B07", Disconnects)) == {"store-unchanged"}
