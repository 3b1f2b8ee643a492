"""A03: clients that give up PKCE where it is refused."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.authorization import Authorization
from ..model_client.callbacks import Callbacks
from ..model_client.values import Failure, Message, Pending
from .table import Bite, Table


class FallsBackToPlain(Authorization, Callbacks):
    """Believes the description and sends a plain challenge from then on."""

    is_plain = False

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Send the verifier itself after a refusal."""
        plain = {"code_challenge": pending.verifier, "code_challenge_method": "plain"}
        return super().authorization_parameters(pending) | (plain if self.is_plain else {})

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Note a refusal."""
        self.is_plain = self.is_plain or "error" in given
        super().check_granted(given)


class AlternatesMethods(Authorization):
    """Begins each second flow without PKCE, as after a page that showed an error."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave the challenge out of what follows the first flow."""
        asked = super().authorization_parameters(pending)
        if not hasattr(self, "has_begun"):
            self.has_begun = True
            return asked
        return {name: value for name, value in asked.items() if not name.startswith("code_")}


class TakesEveryErrorForDenial(Callbacks):
    """Tells the user that they refused, whatever the error was."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Know one error."""
        if "error" in given:
            raise Failure(Kind.DENIED, "the user refused")


class AsksForAppTokens(Callbacks):
    """Tries another grant where this one did not work."""

    def connect(self, name: str, url: str) -> Message:
        """Fall back to the client's own credentials."""
        try:
            return super().connect(name, url)
        except Failure:
            self.client.tokens.token_request({"grant_type": "client_credentials"})
            raise


class StaysRefused(Authorization, Callbacks):
    """Begins no flow any more once its challenge was refused."""

    code: str | None = None

    def new_pending(self) -> Pending:
        """Report it again."""
        if self.code is not None:
            raise Failure(Kind.CONFIG_ERROR, "the server refuses S256", code=self.code)
        return super().new_pending()

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Note a refusal."""
        self.code = given.get("error")
        super().check_granted(given)


TABLE = Table(
    [
        # No flow is no weaker flow.
        Bite(StaysRefused),
        Bite(FallsBackToPlain, {"no-downgrade"}),
        Bite(AlternatesMethods, {"no-downgrade"}),
        Bite(TakesEveryErrorForDenial, {"kind"}),
        Bite(AsksForAppTokens, {"no-token-request"}),
    ],
)
