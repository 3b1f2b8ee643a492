"""C01: clients whose token request has the wrong shape."""

from urllib.parse import urlencode

from livestorm_contract_tests.adapter import Kind

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class AsksByTheUrl(ModelClient):
    """Puts the form into the query."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send the form twice, once where proxies log it."""
        url = self.config["token_url"]
        self.config["token_url"] = f"{url}?{urlencode(form)}"
        try:
            return super().token_request(form)
        finally:
            self.config["token_url"] = url


class SendsJson(ModelClient):
    """Posts JSON, as the API is posted to."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send JSON."""
        body = {**form, **self.form_credentials()}
        return self.send("POST", self.config["token_url"], headers={}, body=body)


class AcceptsHtml(ModelClient):
    """Sends the header of a browser."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Ask for a page."""
        data = {**form, **self.form_credentials()}
        headers = {"Accept": "text/html"}
        return self.send("POST", self.config["token_url"], headers=headers, data=data)


class StumblesOverSuccess(ModelClient):
    """Fails where all went well."""

    def read_tokens(self, answer: Answer) -> Message:
        """Expect another status."""
        raise Failure(Kind.PROTOCOL_ERROR, "not 201", status=answer.status)


def test_query_is_found(put: Put) -> None:
    """The journal shows the URL."""
    assert failed(put("C01", AsksByTheUrl)) == {"no-query"}


def test_json_is_found(put: Put) -> None:
    """A form is the only form."""
    assert failed(put("C01", SendsJson)) == {"post-form"}


def test_accept_is_found(put: Put) -> None:
    """The header says what is taken."""
    assert failed(put("C01", AcceptsHtml)) == {"accepts-json"}


def test_failure_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C01", StumblesOverSuccess)) == {"kind"}
