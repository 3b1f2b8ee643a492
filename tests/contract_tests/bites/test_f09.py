"""F09: clients that read the body of a 429."""

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .limited_clients import ForgetsUsersOnLimits, IgnoresPauses, StaysLimited, TellsNoTime
from .model_client import Answer, Failure, Message, ModelClient, User


class ReadsTheBodyFirst(ModelClient):
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


class RefreshesOnAnyFailure(ModelClient):
    """Thinks that new tokens help against everything."""

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Refresh before the failure is reported."""
        try:
            return super().call_api(user, method, path, message, stored, most)
        except Failure:
            self.refresh(message.get("user", "u1"), user, stored["access_token"])
            raise


class KnowsOneSpelling(ModelClient):
    """Compares the names of headers with their case."""

    def retry_after(self, answer: Answer) -> float | None:
        """Look for the usual spelling."""
        raw = {name.decode(): value.decode() for name, value in answer.headers.raw}
        return float(raw["Retry-After"]) if "Retry-After" in raw else None


def test_body_that_is_believed_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("F09", ReadsTheBodyFirst)) == {"kind", "recovers"}


def test_pause_that_is_kept_secret_is_found(put: Put) -> None:
    """The reply must say how long."""
    assert failed(put("F09", TellsNoTime)) == {"tells-when"}


def test_early_request_is_found(put: Put) -> None:
    """The journal has the times."""
    assert failed(put("F09", IgnoresPauses)) == {"not-before"}


def test_case_sensitive_names_are_found(put: Put) -> None:
    """The header in another case is not seen."""
    assert failed(put("F09", KnowsOneSpelling)) == {"not-before"}


def test_refresh_is_found(put: Put) -> None:
    """The journal has a token request."""
    assert failed(put("F09", RefreshesOnAnyFailure)) == {"no-refresh", "tokens-kept"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("F09", ForgetsUsersOnLimits)) == {"tokens-kept", "recovers"}


def test_pause_without_an_end_is_found(put: Put) -> None:
    """The operation must succeed at last."""
    assert failed(put("F09", StaysLimited)) == {"recovers"}
