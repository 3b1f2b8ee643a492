"""G08: clients that read for as long as something comes."""

import json
import zlib

import httpx
from livestorm_contract_tests.driving.kinds import Kind

from .conftest import Put, failed
from .fragile_clients import StaysDown
from .model_client import LARGEST_BODY, Answer, Failure, Message, ModelClient


class ReadsAll(ModelClient):
    """Keeps in memory whatever comes."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Read to the end."""
        raw = b"".join(response.iter_raw())
        is_gzip = response.headers.get("content-encoding") == "gzip"
        return zlib.decompress(raw, wbits=31) if is_gzip else raw


class ReadsOn(ModelClient):
    """Refuses a long answer, after having read it to its end."""

    def read_body(self, response: httpx.Response, ends_at: float) -> bytes:
        """Throw away what is too much."""
        raw, too_long = b"", False
        for chunk in response.iter_raw():
            raw = b"" if too_long else raw + chunk
            too_long = too_long or len(raw) > LARGEST_BODY
        if too_long:
            raise Failure(Kind.PROTOCOL_ERROR, "too much came", status=response.status_code)
        return self.decoded(response, raw)


class ParsesBlindly(ModelClient):
    """Trusts the parser's stack."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Let the parser's error through."""
        json.loads(answer.body)

    def read_tokens(self, answer: Answer) -> Message:
        """Let the parser's error through."""
        json.loads(answer.body)
        return super().read_tokens(answer)


def test_endless_reading_is_found(put: Put) -> None:
    """The answer is taken, or read to its end."""
    assert failed(put("G08", ReadsAll)) == {"kind", "stops"}


def test_growing_memory_is_found(put: Put) -> None:
    """A process of its own is measured."""
    assert failed(put("G08", ReadsAll, apart=True)) == {"kind", "stops", "memory"}


def test_reading_on_is_found(put: Put) -> None:
    """The server has sent all."""
    assert failed(put("G08", ReadsOn)) == {"stops"}


def test_stack_overflow_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G08", ParsesBlindly)) == {"survives"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next call must succeed."""
    assert failed(put("G08", StaysDown)) == {"recovers"}
