"""C09: clients that take a gateway's error for a token, or lose one over it."""

from typing import ClassVar

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.offer import Offer
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message
from .shared.stored import ForgetsTokens
from .table import Bite, Table


class TakesErrorsForTokens(TokenEndpoint):
    """Stores whatever JSON comes, as a client does that looks at no status."""

    def read_tokens(self, answer: Answer) -> Message:
        """Read no status."""
        members = answer.json()
        return {"access_token": "None", **(members if isinstance(members, dict) else {})}


class TellsNothingOfItsStore(TakesErrorsForTokens, Offer):
    """Offers what connects a user and what uses the connection, and no more."""

    ops: ClassVar[tuple[str, ...]] = ("begin", "callback", "call")


class TakesErrorsForCrashes(TokenEndpoint):
    """Expects an OAuth error, and has no word for another."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Look a code up that is not there."""
        assert isinstance(members, dict)
        return Failure(Kind.CONFIG_ERROR, members["error"])


class SendsTheCodeAgain(TokenEndpoint):
    """Tries the exchange once more where it was refused."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Send twice."""
        answer = super().token_request(form)
        return answer if answer.status < 400 else super().token_request(form)


TABLE = Table(
    [
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(TakesErrorsForTokens, {"kind", "reply-fits-journal", "store-unchanged"}),
        Bite(TellsNothingOfItsStore, {"kind", "reply-fits-journal"}),
        Bite(TakesErrorsForCrashes, {"kind"}),
        Bite(SendsTheCodeAgain, {"code-once"}),
        Bite(SendsTheCodeAgain, {"code-once"}, apart=True),
    ],
)
