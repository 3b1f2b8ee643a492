"""C01: clients whose token request has the wrong shape."""

from urllib.parse import urlencode

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer
from .shared.exchanged import StumblesOverSuccess
from .table import Bite, Table


class AsksByTheUrl(TokenEndpoint):
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


class SendsJson(TokenEndpoint):
    """Posts JSON, as the API is posted to."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send JSON."""
        body = {**form, **self.form_credentials()}
        headers = {"Accept": "application/json"}
        return self.client.http.send("POST", self.config["token_url"], headers=headers, body=body)


class AcceptsHtml(TokenEndpoint):
    """Sends the header of a browser."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Ask for a page."""
        data = {**form, **self.form_credentials()}
        headers = {"Accept": "text/html"}
        return self.client.http.send("POST", self.config["token_url"], headers=headers, data=data)


class AcceptsAnything(TokenEndpoint):
    """Sends the header that its library sends, to which some servers answer with a form."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Ask for nothing in particular."""
        data = {**form, **self.form_credentials()}
        return self.client.http.send("POST", self.config["token_url"], headers={}, data=data)


TABLE = Table(
    [
        Bite(AsksByTheUrl, {"no-query"}),
        # A query is allowed, the form alone must not be there.
        Bite(SaysWhoItIs),
        Bite(SendsJson, {"post-form"}),
        Bite(AcceptsHtml, {"accepts-json", "asks-for-json"}),
        Bite(AcceptsAnything, {"asks-for-json"}),
        Bite(StumblesOverSuccess, {"kind"}),
        Bite(AcceptsAnything, {"asks-for-json"}, strict=False, verdict=Verdict.WARN),
    ],
    follows={
        # What is not taken at all is not asked for.
        "accepts-json": {"asks-for-json"},
    },
)
