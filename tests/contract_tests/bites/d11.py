"""D11: clients that send too little or too much at a refresh."""

from typing import ClassVar

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer
from .table import Bite, Table


class AddsParameters(TokenEndpoint):
    """Takes the form of the code exchange for the refresh, too."""

    added: ClassVar[dict[str, str]] = {}

    def token_request(self, form: dict[str, str]) -> Answer:
        """Add some."""
        return super().token_request({**form, **self.added})


class KeepsTheGrantType(AddsParameters):
    """Forgets to change the grant type."""

    added: ClassVar[dict[str, str]] = {"grant_type": "authorization_code"}


class AsksForMore(AddsParameters):
    """Asks for what the application may have, not for what the user granted."""

    added: ClassVar[dict[str, str]] = {"scope": "identity:read admin:write"}


class SendsTheRedirectURI(AddsParameters):
    """Sends what belongs to the code."""

    added: ClassVar[dict[str, str]] = {"redirect_uri": "http://127.0.0.1:9/cb"}


class ForgetsTheSecret(TokenEndpoint):
    """Takes a refresh token for credential enough."""

    def form_credentials(self) -> dict[str, str]:
        """Leave the secret out."""
        return {"client_id": self.config["client_id"]}


TABLE = Table(
    [
        Bite(KeepsTheGrantType, {"grant-type"}),
        Bite(AsksForMore, {"scope"}),
        Bite(SendsTheRedirectURI, {"no-foreign-parameters"}),
        Bite(ForgetsTheSecret, {"authenticated"}),
    ],
)
