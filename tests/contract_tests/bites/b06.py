"""B06: clients that mistake the provider's trouble."""

from collections.abc import Mapping

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.callbacks import Callbacks
from ..model_client.values import BUSY_CODES, CONFIG_CODES, Failure
from .shared.careless import Disconnects, FlagsTheConnection, SendsSomethingAnyway
from .table import Bite, Table


class TakesTroubleForDenial(Callbacks):
    """Tells the user that they refused."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Know one error and those of the configuration."""
        if given.get("error") in BUSY_CODES:
            raise Failure(Kind.DENIED, "the user refused")
        super().check_granted(given)


class FailsOnOtherErrors(Callbacks):
    """Has an exception for each error that it knows."""

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Look it up."""
        known = {"access_denied", *BUSY_CODES, *CONFIG_CODES}
        if "error" in given and given["error"] not in known:
            raise KeyError(given["error"])
        super().check_granted(given)


class GivesUp(Callbacks):
    """Takes one failure for the end."""

    has_failed = False

    def check_granted(self, given: Mapping[str, str]) -> None:
        """Refuse all that comes later."""
        if self.has_failed:
            raise Failure(Kind.CONFIG_ERROR, "switched off after a failure")
        self.has_failed = "error" in given
        super().check_granted(given)


TABLE = Table(
    [
        Bite(TakesTroubleForDenial, {"kind"}),
        Bite(FailsOnOtherErrors, {"other-kind"}),
        Bite(SendsSomethingAnyway, {"no-token-request"}),
        Bite(GivesUp, {"recovers"}),
        Bite(Disconnects, {"store-unchanged"}),
        Bite(FlagsTheConnection, {"store-unchanged"}),
    ],
)
