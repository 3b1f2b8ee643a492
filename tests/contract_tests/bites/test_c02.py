"""C02: clients that authenticate twice, or not at all."""

from .conftest import Put, failed
from .model_client import Answer, ModelClient


class AuthenticatesTwice(ModelClient):
    """Sends the secret in the header and in the body, to be on the safe side."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send both."""
        data = {**form, **self.form_credentials()}
        headers = {"Authorization": f"Basic {self.basic_credentials()}"}
        return self.send("POST", self.config["token_url"], headers=headers, data=data)


def test_two_mechanisms_are_found(put: Put) -> None:
    """The journal shows both, and the server may refuse them."""
    assert failed(put("C02", AuthenticatesTwice)) == {"kind", "one-mechanism"}
