"""D11: clients that send too little or too much at a refresh."""

from typing import ClassVar

import pytest

from .conftest import Put, failed
from .model_client import Answer, Message, ModelClient


class AddsParameters(ModelClient):
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


class ForgetsTheSecret(ModelClient):
    """Takes a refresh token for credential enough."""

    def configure(self, config: Message) -> None:
        """Forget the secret."""
        super().configure({**config, "client_secret": None})


BROKEN: dict[type[ModelClient], set[str]] = {
    KeepsTheGrantType: {"grant-type"},
    AsksForMore: {"scope"},
    SendsTheRedirectURI: {"no-foreign-parameters"},
    ForgetsTheSecret: {"authenticated"},
}


@pytest.mark.parametrize("client", BROKEN)
def test_wrong_parameter_of_a_refresh_is_found(put: Put, client: type[ModelClient]) -> None:
    """The request shows it, whatever the server made of it."""
    assert failed(put("D11", client)) == BROKEN[client]
