"""G04: clients that take a part for the whole, or never come back from it."""

import threading

import httpx
from livestorm_contract_tests.suite.verdicts import Verdict

from .conftest import Put, failed
from .fragile_clients import LetsErrorsThrough, LogsOutOnFailure, StaysDown
from .model_client import Failure, Message, ModelClient


class TakesWhatCame(ModelClient):
    """Counts no bytes, and misses no last chunk."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Stop where the connection does."""
        raw = b""
        try:
            for chunk in response.iter_raw():
                raw += chunk
        except httpx.RemoteProtocolError:
            return raw
        return self.decoded(response, raw)


class NeverSettles(ModelClient):
    """Waits for an event that a broken connection never sends."""

    def op_callback(self, message: Message) -> Message:
        """Report no failure."""
        reply = super().op_callback(message)
        if reply["kind"] != "ok":
            threading.Event().wait(10)
        return reply


class TakesCutsForAnswers(ModelClient):
    """Blames what was said, where nothing was said to the end."""

    def lost(self, error: Exception) -> Failure:
        """Raise a parser's error."""
        raise AssertionError("unexpected end of the answer") from error


def test_part_taken_for_the_whole_is_found(put: Put) -> None:
    """Without its last chunk an answer is incomplete."""
    assert failed(put("G04", TakesWhatCame)) == {"kind", "not-taken", "recovers", "tokens-kept"}


def test_operation_without_an_end_is_found(put: Put) -> None:
    """No reply by the deadline is a hang."""
    assert put("G04", NeverSettles, patience=0.1).verdict is Verdict.HANG


def test_error_without_a_word_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G04", LetsErrorsThrough)) == {"kind"}
    assert failed(put("G04", TakesCutsForAnswers)) == {"kind"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G04", LogsOutOnFailure)) == {"tokens-kept", "recovers"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G04", StaysDown)) == {"recovers"}
