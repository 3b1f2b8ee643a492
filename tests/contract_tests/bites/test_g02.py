"""G02: clients that wait for an answer for too long."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .fragile_clients import Impatient, LetsErrorsThrough, LogsOutOnFailure, StaysDown
from .model_client import ModelClient

PATIENCE = 0.03


class WaitsTooLong(ModelClient):
    """Has a time-out, of more than a minute."""

    def read_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


class HasNoWord(Impatient, LetsErrorsThrough):
    """Raises what its HTTP library raises."""


class LogsOut(Impatient, LogsOutOnFailure):
    """Takes a time-out for the end of the session."""


class StaysAway(Impatient, StaysDown):
    """Never comes back."""


def test_long_time_out_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("G02", WaitsTooLong, patience=PATIENCE)) == {"in-time"}


def test_wait_without_an_end_is_found(put: Put) -> None:
    """No reply by the deadline is a hang."""
    assert put("G02", ModelClient, patience=PATIENCE).verdict is Verdict.HANG


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G02", HasNoWord, patience=PATIENCE)) == {"kind"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G02", LogsOut, patience=PATIENCE)) == {"recovers", "tokens-kept"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G02", StaysAway, patience=PATIENCE)) == {"recovers"}
