"""G03: clients whose time-out begins anew with each byte."""

from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .fragile_clients import Impatient, LetsErrorsThrough, LogsOutOnFailure, StaysDown
from .model_client import ModelClient

PATIENCE = 0.03


class TotalsTooMuch(ModelClient):
    """Allows more than a minute in all."""

    def total_seconds(self) -> float:
        """Wait for more than the patience of the test."""
        return 2.5


class LimitsReadsOnly(ModelClient):
    """Has no limit in all."""

    def read_seconds(self) -> float:
        """Limit each read well."""
        return 1.5

    def total_seconds(self) -> float:
        """Wait for as long as bytes come."""
        return 600.0


class HasNoWord(Impatient, LetsErrorsThrough):
    """Raises what its HTTP library raises."""


class LogsOut(Impatient, LogsOutOnFailure):
    """Takes a slow answer for the end of the session."""


class StaysAway(Impatient, StaysDown):
    """Never comes back."""


def test_long_time_out_is_found(put: Put) -> None:
    """Real time shows it."""
    assert failed(put("G03", TotalsTooMuch, patience=PATIENCE)) == {"in-time"}


def test_limit_of_reads_alone_is_found(put: Put) -> None:
    """No reply by the deadline is a hang."""
    assert put("G03", LimitsReadsOnly, patience=PATIENCE).verdict is Verdict.HANG


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G03", HasNoWord, patience=PATIENCE)) == {"kind"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G03", LogsOut, patience=PATIENCE)) == {"recovers", "tokens-kept"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G03", StaysAway, patience=PATIENCE)) == {"recovers"}
