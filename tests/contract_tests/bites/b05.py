"""B05: clients that do not take no for an answer."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.values import Failure
from .shared.careless import Disconnects, FlagsTheConnection, SendsSomethingAnyway
from .table import Bite, Table


class LooksForTheCodeOnly(Callbacks):
    """Knows no error of a callback, and trips over the missing code."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Expect a code."""
        given["code"]


class AsksForAppTokens(Callbacks):
    """Tries another grant where the user refuses."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Fall back to the client's own credentials."""
        if "error" in given:
            self.client.tokens.token_request({"grant_type": "client_credentials"})
        super().check_granted(given)


class ReportsMisconfiguration(Callbacks):
    """Has one error for all errors."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Blame the operator."""
        if "error" in given:
            raise Failure(Kind.CONFIG_ERROR, given["error"])


TABLE = Table(
    [
        Bite(LooksForTheCodeOnly, {"kind"}),
        Bite(ReportsMisconfiguration, {"kind"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(AsksForAppTokens, {"no-token-request"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
