"""C14: clients that stumble over bytes."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .shared.exchanged import ChangesItsMind, HasNoWordForRefusals, HidesTheCode, NamesEachAlike
from .table import Bite, Table


class BlamesTheSettings(TokenEndpoint):
    """Takes a refusal that is not UTF-8 for one of the client, and looks for its code."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Search the bytes."""
        failure = super().refusal(answer, members)
        if b"\xe9" in answer.body and b"invalid_grant" in answer.body:
            failure.kind, failure.code = Kind.CONFIG_ERROR, "invalid_grant"
        return failure


TABLE = Table(
    [
        Bite(ChangesItsMind, {"consistent"}),
        Bite(HidesTheCode, {"code-told"}),
        # Any 4xx that can't be read may be taken for one of the settings.
        Bite(BlamesTheSettings),
        Bite(NamesEachAlike, {"code-told", "kind"}),
        Bite(HasNoWordForRefusals, {"kind"}),
    ],
)
