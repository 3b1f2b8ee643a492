"""A03: clients that give up PKCE where it is refused."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .model_client import Failure, Message, ModelClient, Pending


class FallsBackToPlain(ModelClient):
    """Believes the description and sends a plain challenge from then on."""

    is_plain = False

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Send the verifier itself after a refusal."""
        plain = {"code_challenge": pending.verifier, "code_challenge_method": "plain"}
        return super().authorization_parameters(pending) | (plain if self.is_plain else {})

    def check_granted(self, given: dict[str, str]) -> None:  # type: ignore[override]
        """Note a refusal."""
        self.is_plain = self.is_plain or "error" in given
        super().check_granted(given)


class AlternatesMethods(ModelClient):
    """Begins each second flow without PKCE, as after a page that showed an error."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave the challenge out of what follows the first flow."""
        asked = super().authorization_parameters(pending)
        if not hasattr(self, "has_begun"):
            self.has_begun = True
            return asked
        return {name: value for name, value in asked.items() if not name.startswith("code_")}


class TakesEveryErrorForDenial(ModelClient):
    """Tells the user that they refused, whatever the error was."""

    def check_granted(self, given: dict[str, str]) -> None:  # type: ignore[override]
        """Know one error."""
        if "error" in given:
            raise Failure(Kind.DENIED, "the user refused")


class AsksForAppTokens(ModelClient):
    """Tries another grant where this one did not work."""

    def connect(self, name: str, url: str) -> Message:
        """Fall back to the client's own credentials."""
        try:
            return super().connect(name, url)
        except Failure:
            self.token_request({"grant_type": "client_credentials"})
            raise


class StaysRefused(ModelClient):
    """Begins no flow any more once its challenge was refused."""

    code: str | None = None

    def configure(self, config: Message) -> None:
        """Hope for another server."""
        super().configure(config)
        self.code = None

    def new_pending(self) -> Pending:
        """Report it again."""
        if self.code is not None:
            raise Failure(Kind.CONFIG_ERROR, "the server refuses S256", code=self.code)
        return super().new_pending()

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Note a refusal."""
        self.code = given.get("error")
        super().check_granted(given)


def test_client_that_begins_no_more_is_right(put: Put) -> None:
    """No flow is no weaker flow."""
    assert failed(put("A03", StaysRefused)) == set()


def test_fallback_to_plain_is_found(put: Put) -> None:
    """The next authorization URL shows it."""
    assert failed(put("A03", FallsBackToPlain)) == {"no-downgrade"}


def test_fallback_after_a_page_is_found(put: Put) -> None:
    """Also without a callback the next flow must not be weaker."""
    assert failed(put("A03", AlternatesMethods)) == {"no-downgrade"}


def test_refusal_taken_for_denial_is_found(put: Put) -> None:
    """It is the configuration's fault, not the user's."""
    assert failed(put("A03", TakesEveryErrorForDenial)) == {"kind"}


def test_other_grant_after_refusal_is_found(put: Put) -> None:
    """The journal counts."""
    assert failed(put("A03", AsksForAppTokens)) == {"no-token-request"}
