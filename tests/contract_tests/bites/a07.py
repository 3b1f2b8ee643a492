"""A07: clients that show in the browser what is no browser's business."""

import base64

from ..model_client.authorization import Authorization
from ..model_client.operations import Operations
from ..model_client.values import Message, Pending
from .shared.verbose import CarriesItsSessionAlong
from .table import Bite, Table


class SendsItsSecret(Authorization):
    """Sends its credentials with every request, also with those of a browser with a history."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add the secret."""
        asked = super().authorization_parameters(pending)
        return {**asked, "client_secret": self.config["client_secret"]}


class SendsItsSecretAsBasic(Authorization):
    """Makes the Basic credentials a parameter, though Base64 hides nothing."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add the credentials."""
        pair = f"{self.config['client_id']}:{self.config['client_secret']}"
        asked = super().authorization_parameters(pending)
        return {**asked, "auth": base64.b64encode(pair.encode()).decode()}


class SendsTheOldToken(Operations, Authorization):
    """Shows the provider which connection is to be renewed, by a token that still works."""

    hint = ""

    def op_seed(self, message: Message) -> Message:
        """Remember the token."""
        self.hint = message["token"]["access_token"]
        return super().op_seed(message)

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add it."""
        return {**super().authorization_parameters(pending), "token_hint": self.hint}


class AsksForToken(Authorization):
    """Uses the implicit flow."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Ask for a token."""
        return {**super().authorization_parameters(pending), "response_type": "token"}


TABLE = Table(
    [
        Bite(SendsItsSecret, {"no-secret"}),
        Bite(SendsItsSecretAsBasic, {"no-secret"}),
        Bite(SendsTheOldToken, {"no-token"}),
        Bite(CarriesItsSessionAlong, {"short-enough"}),
        Bite(AsksForToken, {"asks-for-code"}),
    ],
)
