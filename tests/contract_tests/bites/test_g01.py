"""G01: clients that a refused connection brings down."""

import time

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough, LogsOutOnFailure, StaysDown
from .model_client import Failure, ModelClient

PATIENCE = 0.2


class KeepsTrying(ModelClient):
    """Hopes for longer than one operation may last."""

    def may_retry(self, failure: Failure) -> bool:
        """Sleep, then give up."""
        time.sleep(1.2)
        return False


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G01", LetsErrorsThrough)) == {"kind"}


def test_long_hope_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("G01", KeepsTrying, patience=PATIENCE)) == {"quickly"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G01", LogsOutOnFailure)) == {"tokens-kept", "recovers"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G01", StaysDown)) == {"recovers"}
