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


class TakesErrorsForADocument(ApiCalls):
    """Reads `data` where there is some, and looks at no `errors`."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Take any object of a 200."""
        document = answer.json()
        if answer.status == 200 and isinstance(document, dict):
            return document
        return super().read_document(answer, path)


class WantsAUser(ApiCalls):
    """Reads who its user is, and refuses an answer that does not say; that is right."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Look for a resource."""
        document = super().read_document(answer, path)
        if path == "/me" and not (isinstance(document, dict) and document["data"]):
            raise Failure(Kind.PROTOCOL_ERROR, "no user came", status=answer.status)
        return document


class ReadsAUserAnyway(ApiCalls):
    """Takes `data` for an object."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Read it."""
        document = super().read_document(answer, path)
        return document["data"]["id"] if isinstance(document, dict) else document


TABLE = Table(
    [
        Bite(TakesAnythingForADocument, {"kind"}),
        Bite(TakesErrorsForADocument, {"kind"}),
        Bite(WantsADocument, {"needs-none"}),
        Bite(WantsAUser),
        Bite(ReadsAUserAnyway, {"needs-none"}),
        Bite(StaysBroken, {"recovers"}),
    ],
)
