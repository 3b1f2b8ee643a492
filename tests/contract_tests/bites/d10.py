"""D10: clients that lose an answer, and then more."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.refreshing import Refreshing
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure, Message, User
from .shared.refreshed import DropsTokens, GivesUpForGood
from .table import Bite, Table


class CrashesOnAReset(Refreshing):
    """Catches the errors of HTTP, and not those of the network."""

    def refresh_with(self, name: str, user: User, stored: Message) -> None:
        """Let it through."""
        try:
            super().refresh_with(name, user, stored)
        except Failure as failure:
            if failure.kind is Kind.TRANSPORT_ERROR:
                raise ConnectionResetError from None
            raise


class TriesOften(Refreshing):
    """Repeats a refresh as it would a GET."""

    def refresh_attempts(self) -> int:
        """Try five times."""
        return 5


class RepeatsRefusals(TokenEndpoint, Refreshing):
    """Leaves a lost answer to its caller, and repeats an `invalid_grant`."""

    def refresh_attempts(self) -> int:
        """Try once."""
        return 1

    def token_request(self, form: dict[str, str]) -> Answer:
        """Repeat what was refused."""
        for _ in range(3):
            answer = super().token_request(form)
            if answer.status < 400:
                return answer
        return answer


TABLE = Table(
    [
        Bite(CrashesOnAReset, {"ends", "kind"}),
        Bite(TriesOften, {"one-retry"}),
        Bite(DropsTokens, {"ends"}),
        Bite(RepeatsRefusals, {"no-loop-later"}),
        Bite(GivesUpForGood, {"recovers-from-several"}),
    ],
    follows={
        # An outcome that is no loss counts as the end, too.
        "kind": {"ends"},
    },
)
