"""C01: clients whose token request has the wrong shape."""

from urllib.parse import urlencode

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Answer, Failure, Message, ModelClient


class AsksByTheUrl(ModelClient):
    """Puts the form into the query, too, where proxies log it."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Add a query to the URL."""
        url = self.config["token_url"]
        self.config["token_url"] = f"{url}?{self.query(form)}"
        try:
            return super().token_request(form)
        finally:
            self.config["token_url"] = url

    def query(self, form: dict[str, str]) -> str:
        """Give the form."""
        return urlencode(form)


class SaysWhoItIs(AsksByTheUrl):
    """Names its version in the URL, for the operators."""

    def query(self, form: dict[str, str]) -> str:
        """Give it."""
        return "from=acme-1.2"


class SendsJson(ModelClient):
    """Posts JSON, as the API is posted to."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send JSON."""
        body = {**form, **self.form_credentials()}
        headers = {"Accept": "application/json"}
        return self.send("POST", self.config["token_url"], headers=headers, body=body)


class AcceptsHtml(ModelClient):
    """Sends the header of a browser."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Ask for a page."""
        data = {**form, **self.form_credentials()}
        headers = {"Accept": "text/html"}
        return self.send("POST", self.config["token_url"], headers=headers, data=data)


class AcceptsAnything(ModelClient):
    """Sends the header that its library sends."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Ask for nothing in particular."""
        data = {**form, **self.form_credentials()}
        return self.send("POST", self.config["token_url"], headers={}, data=data)


class StumblesOverSuccess(ModelClient):
    """Fails where all went well."""

    def read_tokens(self, answer: Answer) -> Message:
        """Expect another status."""
        raise Failure(Kind.PROTOCOL_ERROR, "not 201", status=answer.status)


def test_query_is_found(put: Put) -> None:
    """The journal shows the URL."""
    assert failed(put("C01", AsksByTheUrl)) == {"no-query"}


def test_query_without_a_secret_is_right(put: Put) -> None:
    """The form alone must not be there."""
    assert failed(put("C01", SaysWhoItIs)) == set()


def test_json_is_found(put: Put) -> None:
    """A form is the only form."""
    assert failed(put("C01", SendsJson)) == {"post-form"}


def test_accept_is_found(put: Put) -> None:
    """The header says what is taken."""
    assert failed(put("C01", AcceptsHtml)) == {"accepts-json", "asks-for-json"}


def test_missing_wish_is_found(put: Put) -> None:
    """Some servers send a form to who does not ask for JSON."""
    assert failed(put("C01", AcceptsAnything)) == {"asks-for-json"}


def test_missing_wish_is_a_warning(put: Put) -> None:
    """Who takes anything takes JSON, too."""
    assert put("C01", AcceptsAnything, strict=False).verdict is Verdict.WARN


def test_failure_is_found(put: Put) -> None:
    """The kind shows it."""
    assert failed(put("C01", StumblesOverSuccess)) == {"kind"}
