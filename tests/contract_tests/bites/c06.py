"""C06: clients that mistake a refused exchange."""

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .shared.exchanged import AsksAgain, NamesEachAlike
from .shared.stored import FlagsTokens, ForgetsTokens
from .table import Bite, Table


class PromptsAtEachFailure(TokenEndpoint):
    """Sends the user to the login page whenever something is refused."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Prompt."""
        self.client.emit({"type": "event", "event": "reauth_prompt", "user": "u1"})
        return super().refusal(answer, members)


TABLE = Table(
    [
        Bite(NamesEachAlike, {"kind"}),
        Bite(AsksAgain, {"no-loop"}),
        Bite(PromptsAtEachFailure, {"no-prompt"}),
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(FlagsTokens, {"store-unchanged"}),
    ],
)
