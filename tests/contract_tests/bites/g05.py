"""G05: clients that crash over half a document, or know HTTP/1.1 only."""

import json
from http.client import HTTPResponse

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.sending import Sending
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.fragile import LogsOutOnFailure, SaysItIsOver, StaysDown
from .table import Bite, Table


class ParsesBlindly(TokenEndpoint, ApiCalls):
    """Expects JSON to be JSON."""

    def read_document(self, answer: Answer, path: str) -> None:
        """Let the parser's error through."""
        json.loads(answer.body)

    def read_tokens(self, answer: Answer) -> Message:
        """Let the parser's error through."""
        members: Message = json.loads(answer.body)
        return members


class RefusesOldHTTP(Sending):
    """Needs a length to read a body."""

    def read_body(self, response: HTTPResponse, ends_at: float) -> bytes:
        """Refuse a body that has none."""
        if "content-length" not in response.headers:
            raise Failure(Kind.PROTOCOL_ERROR, "no length", status=response.status)
        return super().read_body(response, ends_at)


TABLE = Table(
    [
        Bite(ParsesBlindly, {"kind"}),
        Bite(RefusesOldHTTP, {"whole-taken"}),
        Bite(LogsOutOnFailure, {"recovers", "tokens-kept"}),
        Bite(StaysDown, {"recovers"}),
        Bite(SaysItIsOver, {"tokens-kept"}),
    ],
)
