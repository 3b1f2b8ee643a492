"""C02: clients that authenticate twice, or not at all."""

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer
from .shared.exchanged import StumblesOverSuccess
from .table import Bite, Table


class AuthenticatesTwice(TokenEndpoint):
    """Sends the secret in the header and in the body, to be on the safe side."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send both."""
        data = {**form, **self.form_credentials()}
        headers = {"Authorization": f"Basic {self.basic_credentials()}"}
        return self.client.http.send("POST", self.config["token_url"], headers=headers, data=data)


class SendsAnAssertionToo(TokenEndpoint):
    """Adds a signed assertion, which the server does not read, to its secret."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Add it."""
        return super().token_request({**form, "client_assertion": "header.payload.signature"})


TABLE = Table(
    [
        Bite(AuthenticatesTwice, {"kind", "one-mechanism"}),
        Bite(StumblesOverSuccess, {"kind"}),
        Bite(SendsAnAssertionToo, {"one-mechanism"}),
    ],
)
