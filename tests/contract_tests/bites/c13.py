"""C13: clients that read what is cut, or judge by chance."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.exchanged import ChangesItsMind, LogsTheAnswer, QuotesTheAnswer, TakesAnything
from .table import Bite, Table


class DoubtsLabels(TokenEndpoint):
    """Refuses every second token under another label than JSON."""

    count = 0

    def read_tokens(self, answer: Answer) -> Message:
        """Count."""
        members = super().read_tokens(answer)
        self.count += "html" in answer.headers.get("content-type", "")
        if self.count % 2:
            raise Failure(Kind.PROTOCOL_ERROR, "not this time", status=answer.status)
        return members


TABLE = Table(
    [
        Bite(TakesAnything, {"kind"}),
        Bite(ChangesItsMind, {"consistent", "kind"}),
        Bite(QuotesTheAnswer, {"not-shown"}),
        Bite(LogsTheAnswer, {"not-shown"}, apart=True),
        Bite(DoubtsLabels, {"consistent"}),
    ],
)
