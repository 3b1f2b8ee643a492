"""E07: clients that take a page for a document, or want one where none is due."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Answer, Failure
from .shared.refreshed import StaysBroken
from .table import Bite, Table


class TakesAnythingForADocument(ApiCalls):
    """Takes a 200 for a success, and a body that it can't read for an empty one."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Take it."""
        return (
            (answer.json() or {}) if answer.status == 200 else super().read_document(answer, path)
        )


class WantsADocument(ApiCalls):
    """Takes no answer for a success without one."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Look at the body, whatever was asked and answered."""
        if answer.status < 300 and not answer.body:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=answer.status)
        return super().read_document(answer, path)


TABLE = Table(
    [
        Bite(TakesAnythingForADocument, {"kind"}),
        Bite(WantsADocument, {"needs-none"}),
        Bite(StaysBroken, {"recovers"}),
    ],
)
