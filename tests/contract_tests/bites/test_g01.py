"""G01: clients that a refused connection brings down."""

import time
from typing import ClassVar

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough, LogsOutOnFailure, StaysDown
from .model_client import Answer, Failure, Message, ModelClient

PATIENCE = 0.2
UNHURRIED = 5.0
"""For what is not about time, on a busy machine."""


class KeepsTrying(ModelClient):
    """Hopes for longer than one operation may last."""

    def may_retry(self, failure: Failure) -> bool:
        """Sleep, then give up."""
        time.sleep(1.2)
        return False


class MakesOneURLOfTheOther(ModelClient):
    """Asks for tokens where it sends its user."""

    features: ClassVar[Message] = {**ModelClient.features, "base_path": False}

    def token_request(self, form: dict[str, str]) -> Answer:
        """Replace the last part."""
        is_exchange = form["grant_type"] == "authorization_code"
        url = self.config["authorize_url"].replace("authorize", "token")
        told, self.config = self.config, self.config | ({"token_url": url} if is_exchange else {})
        try:
            return super().token_request(form)
        finally:
            self.config = told


def test_client_with_paths_of_its_own_is_not_asked_for_two_servers(put: Put) -> None:
    """The server that authorizes is there, so that its token endpoint is, too."""
    assert put("G01", MakesOneURLOfTheOther, patience=UNHURRIED).verdict is Verdict.PASS


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G01", LetsErrorsThrough, patience=UNHURRIED)) == {"kind"}


def test_long_hope_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("G01", KeepsTrying, patience=PATIENCE)) == {"quickly"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G01", LogsOutOnFailure, patience=UNHURRIED)) == {"tokens-kept", "recovers"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G01", StaysDown, patience=UNHURRIED)) == {"recovers"}
