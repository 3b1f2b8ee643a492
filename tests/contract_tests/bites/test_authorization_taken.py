"""Clients whose authorization request the server would show an error page for."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .model_client import Message, ModelClient, Pending


class SendsAnUnknownScope(ModelClient):
    """Asks for what another provider calls the profile."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Ask for it."""
        return {**super().authorization_parameters(pending), "scope": "openid profile"}


class CrashesAtTheStart(ModelClient):
    """Expects a setting that is not there."""

    def new_pending(self) -> Pending:
        """Look it up."""
        self.config["login_hint"]
        return super().new_pending()


class TellsNoUrl(ModelClient):
    """Begins, and keeps the URL to itself."""

    def op_begin(self, message: Message) -> Message:
        """Leave it out."""
        return {"kind": super().op_begin(message)["kind"]}


def test_adapter_without_a_url_is_in_error(put: Put) -> None:
    """A client that can begin has a URL for the browser."""
    assert put("A01", TellsNoUrl).verdict is Verdict.ERROR


def test_flow_that_is_not_begun_fails_the_case(put: Put) -> None:
    """Nothing is wrong yet that a client could be excused for."""
    result = put("A01", CrashesAtTheStart)
    assert result.verdict is Verdict.FAIL
    assert failed(result) == {"authorization-taken"}


def test_refused_authorization_request_fails_the_case(put: Put) -> None:
    """It is the client's failure, not one of the suite, wherever a flow is needed."""
    result = put("A04", SendsAnUnknownScope)
    assert result.verdict is Verdict.FAIL
    assert failed(result) == {"authorization-taken"}
