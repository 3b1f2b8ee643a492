"""B07: clients that pass an attacker's error on."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.values import Failure, Pending, User
from .shared.careless import Disconnects, FlagsTheConnection, SendsSomethingAnyway
from .table import Bite, Table


class LooksAtTheErrorFirst(Callbacks):
    """Reads the error before the state: anybody can tell the user that they refused."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Report it."""
        self.check_granted(dict(pairs))
        return super().check_callback(user, pairs)


class ShowsTheDescription(Callbacks):
    """Refuses, and says what the callback said: an attacker's text on the client's page."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Quote it."""
        try:
            return super().check_callback(user, pairs)
        except Failure as failure:
            told = f"{failure}: {dict(pairs).get('error_description')}"
            raise Failure(failure.kind, told) from None


class ReportsMisconfiguration(Callbacks):
    """Has no error for attacks."""

    def check_callback(self, user: User, pairs: list[tuple[str, str]]) -> Pending:
        """Blame the operator."""
        try:
            return super().check_callback(user, pairs)
        except Failure as failure:
            raise Failure(Kind.CONFIG_ERROR, str(failure)) from None


TABLE = Table(
    [
        Bite(LooksAtTheErrorFirst, {"kind"}),
        Bite(ReportsMisconfiguration, {"kind"}),
        Bite(ShowsTheDescription, {"not-shown"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
