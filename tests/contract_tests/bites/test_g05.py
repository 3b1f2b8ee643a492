"""G05: clients that crash over half a document, or know HTTP/1.1 only."""

import json

import httpx
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .fragile_clients import LogsOutOnFailure, StaysDown
from .model_client import Answer, Failure, Message, ModelClient


class ParsesBlindly(ModelClient):
    """Expects JSON to be JSON."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Let the parser's error through."""
        json.loads(answer.body)

    def read_tokens(self, answer: Answer) -> Message:
        """Let the parser's error through."""
        members: Message = json.loads(answer.body)
        return members


class RefusesOldHTTP(ModelClient):
    """Needs a length to read a body."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Refuse a body that has none."""
        if "content-length" not in response.headers:
            raise Failure(Kind.PROTOCOL_ERROR, "no length", status=response.status_code)
        return super().read_body(response, ends_at)


def test_error_of_the_parser_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G05", ParsesBlindly)) == {"kind"}


def test_refused_version_is_found(put: Put) -> None:
    """A whole answer must be taken."""
    assert failed(put("G05", RefusesOldHTTP)) == {"whole-taken"}


def test_lost_session_is_found(put: Put) -> None:
    """The store shows it."""
    assert failed(put("G05", LogsOutOnFailure)) == {"tokens-kept", "recovers"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next operation must succeed."""
    assert failed(put("G05", StaysDown)) == {"recovers"}
