"""E05: clients that don't read a JSON:API error."""

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Answer
from .shared.refused import ReportsNoStatus, ReportsNoText, TakesRefusalsForLogouts
from .table import Bite, Table


class ReadsEveryMember(ApiCalls):
    """Takes the first error's members for there."""

    def detail(self, answer: Answer) -> str:
        """Read them."""
        error = answer.json()["errors"][0]
        return f": {error['title']}, {error['detail']}"


TABLE = Table(
    [
        Bite(ReadsEveryMember, {"kind", "status-reported", "text-reported"}),
        Bite(TakesRefusalsForLogouts, {"kind"}),
        Bite(ReportsNoStatus, {"status-reported"}),
        Bite(ReportsNoText, {"text-reported"}),
    ],
)
