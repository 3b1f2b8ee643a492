"""G04: clients that take a part for the whole, or never come back from it."""

import threading
from http.client import HTTPException, HTTPResponse

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.operations import Operations
from ..model_client.sending import Sending, chunks
from ..model_client.values import Failure, Message
from .shared.fragile import LetsErrorsThrough, LogsOutOnFailure, SaysItIsOver, StaysDown
from .table import Bite, Table


class TakesWhatCame(Sending):
    """Counts no bytes, and misses no last chunk."""

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Stop where the connection does."""
        raw = b""
        try:
            for chunk in chunks(response):
                raw += chunk
        except HTTPException:
            return raw
        return self.decoded(response, raw)


class NeverSettles(Operations):
    """Waits for an event that a broken connection never sends."""

    def op_callback(self, message: Message) -> Message:
        """Report no failure."""
        reply = super().op_callback(message)
        if reply["kind"] != "ok":
            threading.Event().wait(10)
        return reply


class TakesCutsForAnswers(Sending):
    """Blames what was said, where nothing was said to the end."""

    def lost(self, error: Exception) -> Failure:
        """Raise a parser's error."""
        raise AssertionError("unexpected end of the answer") from error


TABLE = Table(
    [
        Bite(TakesWhatCame, {"kind", "not-taken", "tokens-kept"}),
        Bite(LetsErrorsThrough, {"kind"}),
        Bite(TakesCutsForAnswers, {"kind"}),
        Bite(LogsOutOnFailure, {"recovers", "tokens-kept"}),
        Bite(StaysDown, {"recovers"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
        Bite(NeverSettles, patience=0.1, verdict=Verdict.HANG),
    ],
    follows={
        # Part of an answer taken for the whole is a success, and its tokens are stored.
        "not-taken": {"kind", "tokens-kept"},
    },
)
