"""C12: clients that copy a page into their errors."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.careless import Disconnects, FlagsTheConnection
from .shared.exchanged import HasNoWordForRefusals, HidesTheCode
from .table import Bite, Table


class CopiesThePage(TokenEndpoint):
    """Puts the whole body into the error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()
            raise Failure(failure.kind, text, status=failure.status) from None


class NamesEachAlike(TokenEndpoint):
    """Has one exception for all refusals, without the code."""

    def read_tokens(self, answer: Answer) -> Message:
        """Forget the code."""
        del answer
        raise Failure(Kind.BUG, "[object Object]")


class CopiesTheEnd(TokenEndpoint):
    """Copies a page into its error, from the first line break on."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()[1000:]
            raise Failure(failure.kind, text, status=failure.status) from None


class CopiesTheBeginning(TokenEndpoint):
    """Copies the beginning of a page into its error."""

    def read_tokens(self, answer: Answer) -> Message:
        """Copy."""
        try:
            return super().read_tokens(answer)
        except Failure as failure:
            text = answer.body.decode()[:500]
            raise Failure(failure.kind, text, status=failure.status) from None


TABLE = Table(
    [
        Bite(CopiesThePage, {"bounded", "scrubbed"}),
        Bite(NamesEachAlike, {"kind", "status-told"}),
        Bite(HasNoWordForRefusals, {"kind"}),
        Bite(HidesTheCode, {"status-told"}),
        Bite(CopiesTheEnd, {"bounded"}),
        Bite(CopiesTheBeginning, {"scrubbed"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
