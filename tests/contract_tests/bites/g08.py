"""G08: clients that read for as long as something comes."""

import json
import zlib
from http.client import HTTPResponse
from typing import Any

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.sending import LARGEST_BODY, Sending, chunks
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.fragile import StaysDown
from .table import Bite, Table


class ReadsAll(Sending):
    """Keeps in memory whatever comes."""

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Read to the end."""
        raw = b"".join(chunks(response))
        is_gzip = response.headers.get("content-encoding") == "gzip"
        return zlib.decompress(raw, wbits=31) if is_gzip else raw


class ReadsOn(Sending):
    """Refuses a long answer, after having read it to its end."""

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Throw away what is too much."""
        raw, too_long = b"", False
        for chunk in chunks(response):
            raw = b"" if too_long else raw + chunk
            too_long = too_long or len(raw) > LARGEST_BODY
        if too_long:
            raise Failure(Kind.PROTOCOL_ERROR, "too much came", status=response.status)
        return self.decoded(response, raw)


class ParsesBlindly(TokenEndpoint, ApiCalls):
    """Trusts the parser's stack."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Let the parser's error through."""
        json.loads(answer.body)

    def read_tokens(self, answer: Answer) -> Message:
        """Let the parser's error through."""
        json.loads(answer.body)
        return super().read_tokens(answer)


class StopsWithoutAWord(Sending):
    """Stops reading, and reports what no caller is told to expect."""

    def send(self, method: str, url: str, **told: Any) -> Answer:
        """Rename the failure."""
        try:
            return super().send(method, url, **told)
        except Failure as failure:
            failure.kind = Kind.BUG
            raise


class CopiesAndCopies(Sending):
    """Takes memory for the whole of an answer of which it reads the beginning."""

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Take it."""
        try:
            return super().read_body(response, ends_at)
        except Failure:
            _ = b"a" * (100 << 20)
            raise


TABLE = Table(
    [
        Bite(ReadsAll, {"kind", "stops"}),
        Bite(ReadsAll, {"kind", "memory", "stops"}, apart=True),
        Bite(ReadsOn, {"stops"}),
        Bite(ParsesBlindly, {"survives"}),
        Bite(StaysDown, {"recovers"}),
        Bite(StopsWithoutAWord, {"kind"}),
        Bite(CopiesAndCopies, {"memory"}, apart=True),
    ],
)
