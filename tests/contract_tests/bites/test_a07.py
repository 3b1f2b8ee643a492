"""A07: clients that show in the browser what is no browser's business."""

import base64

from .conftest import Put, failed
from .model_client import Message, ModelClient, Pending


class SendsItsSecret(ModelClient):
    """Sends its credentials with every request."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add the secret."""
        asked = super().authorization_parameters(pending)
        return {**asked, "client_secret": self.config["client_secret"]}


class SendsItsSecretAsBasic(ModelClient):
    """Makes the Basic credentials a parameter."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add the credentials."""
        pair = f"{self.config['client_id']}:{self.config['client_secret']}"
        asked = super().authorization_parameters(pending)
        return {**asked, "auth": base64.b64encode(pair.encode()).decode()}


class SendsTheOldToken(ModelClient):
    """Shows the provider which connection is to be renewed."""

    hint = ""

    def op_seed(self, message: Message) -> Message:
        """Remember the token."""
        self.hint = message["token"]["access_token"]
        return super().op_seed(message)

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Add it."""
        return {**super().authorization_parameters(pending), "token_hint": self.hint}


class AsksForToken(ModelClient):
    """Uses the implicit flow."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Ask for a token."""
        return {**super().authorization_parameters(pending), "response_type": "token"}


def test_secret_in_the_url_is_found(put: Put) -> None:
    """It would be in the history of the browser."""
    assert failed(put("A07", SendsItsSecret)) == {"no-secret"}


def test_encoded_secret_in_the_url_is_found(put: Put) -> None:
    """Base64 hides nothing."""
    assert failed(put("A07", SendsItsSecretAsBasic)) == {"no-secret"}


def test_token_in_the_url_is_found(put: Put) -> None:
    """An old one works, too."""
    assert failed(put("A07", SendsTheOldToken)) == {"no-token"}


def test_implicit_flow_is_found(put: Put) -> None:
    """A code is what is asked for."""
    assert failed(put("A07", AsksForToken)) == {"asks-for-code"}
