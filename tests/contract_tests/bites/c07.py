"""C07: clients that lose the code of an error."""

from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .shared.careless import Disconnects, FlagsTheConnection
from .shared.exchanged import AsksAgain, HasNoWordForRefusals, HidesTheCode, NamesEachAlike
from .table import Bite, Table


class TakesAllForSettings(TokenEndpoint):
    """Takes a dead code for a matter of settings, which the redirect URI may make it."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Rename the failure."""
        failure = super().refusal(answer, members)
        if failure.kind is Kind.REAUTH_REQUIRED:
            failure.kind = Kind.CONFIG_ERROR
        return failure


TABLE = Table(
    [
        Bite(NamesEachAlike, {"code-told", "kind", "refused"}),
        Bite(AsksAgain, {"not-repeated"}),
        Bite(HasNoWordForRefusals, {"refused", "kind"}),
        Bite(TakesAllForSettings, {"kind"}),
        Bite(TakesAllForSettings, {"kind"}, strict=False, verdict=Verdict.WARN),
        Bite(HidesTheCode, {"code-told"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
    follows={
        # What is reported as no failure is of none of the right kinds.
        "refused": {"kind"},
    },
)
